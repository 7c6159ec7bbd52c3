/**
 * Data sets of the Hugging Face Hub, over its public HTTP interface: what a data set holds, and its files. Nothing is asked before the reader
 * asks for it, and then only the server whose address is shown, which may send the browser on to its storage.
 */
export { chooseFile, listDataset, parseHubId, splitOf, type HubFile, type HubListing } from './list';
export { HUB, type HubFetch, type HubOptions, type HubResponse } from './request';
export { hubSource } from './source';
