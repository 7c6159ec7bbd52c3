/** Numbers: fractions, decimals, roots, logarithms, complex numbers, large and small ones. Written for these tests: gold ≡ an answer to accept, gold ≢ one to reject. */
export default String.raw`
\frac{1}{2} ≡ \frac12
\frac{1}{2} ≡ \tfrac12
\frac{1}{2} ≡ .5
\frac{1}{2} ≡ 1/2
\frac{1}{2} ≡ ½
-\frac{1}{2} ≡ \frac{-1}{2}
-\frac{1}{2} ≡ \frac{1}{-2}
\frac{3}{2} ≡ 1\frac{1}{2}
1\frac12 ≡ 1 1/2
2\frac{3}{4} ≡ 11/4
-2 3/4 ≡ -11/4
-2\frac{3}{4} ≡ -2.75
1½ ≡ 1.5
2 ½ ≡ 5/2
\frac{a+b}{2} ≡ (a+b)/2
\dfrac{x}{y} ≡ x/y
{1 \over 2} ≡ 1/2
\cfrac{1}{2} ≡ 0.5
\frac{1}{3} ≡ 0.\overline{3}
\frac{1}{3} ≡ 0.\dot{3}
\frac{1}{6} ≡ 0.1\overline{6}
0.\overline{142857} ≡ \frac17
\frac{1}{3} ≡ 0.333333
0.125 ≡ \frac{1}{8}
8.0 ≡ 8
007 ≡ 7
25 ≡ 025
+5 ≡ 5
5. ≡ 5
.5 ≡ 0.50
\frac{\sqrt{3}}{3} ≡ \frac{1}{\sqrt{3}}
\frac{1}{\sqrt3} ≡ \frac{\sqrt3}{3}
\sqrt{8} ≡ 2\sqrt2
\sqrt[3]{16} ≡ 2\sqrt[3]{2}
\sqrt{\frac{3}{4}} ≡ \frac{\sqrt3}{2}
2^{\frac12} ≡ \sqrt2
2^(1/2) ≡ sqrt(2)
√2 ≡ \sqrt{2}
3√5 ≡ 3\sqrt{5}
2√(3) ≡ \sqrt{12}
∛8 ≡ 2
\sqrt{x^2} ≡ |x|
\frac{1+\sqrt5}{2} ≡ \frac{\sqrt5+1}{2}
\sqrt{3+2\sqrt2} ≡ 1+\sqrt2
\sqrt{2}+\sqrt{3} ≡ \sqrt{5+2\sqrt6}
\frac{1}{2+\sqrt{3}} ≡ 2-\sqrt{3}
sqrt(3)/2 ≡ \frac{\sqrt{3}}{2}
\frac{\pi}{3} ≡ pi/3
\frac{\pi}{3} ≡ π/3
2\pi ≡ 2 * pi
2\pi ≡ 2π
4\pi^2 ≡ 4π²
6.283185 ≡ 2\pi
e^2 ≡ e^{2}
e ≡ \exp(1)
e^{-1} ≡ \frac{1}{e}
\mathrm{e}^{2} ≡ e^2
\ln 2 ≡ \log_e 2
\ln(4) ≡ 2\ln 2
\log_2 8 ≡ 3
\log_{10} 100 ≡ 2
\lg 100 ≡ 2
\log_3 2 ≡ \frac{\ln 2}{\ln 3}
\log_{2}{x} ≡ \frac{\ln x}{\ln 2}
\sin 30^\circ ≡ \frac12
\sin(30^\circ) ≡ 0.5
\cos\frac{\pi}{3} ≡ \frac12
\tan 45^\circ ≡ 1
\arctan 1 ≡ \frac{\pi}{4}
\tan^{-1}(1) ≡ \pi/4
\sin^2 x ≡ 1-\cos^2 x
\sin 2x ≡ 2\sin x\cos x
\sin{2x} ≡ sin(2x)
\cos(2\theta) ≡ 2\cos^2\theta-1
\sec x ≡ \frac{1}{\cos x}
5! ≡ 120
\binom{5}{2} ≡ 10
{5 \choose 2} ≡ 10
\binom{n}{2} ≡ \frac{n(n-1)}{2}
n! ≡ n\cdot(n-1)!
C(5,2) ≡ C(5,2)
100! ≡ 100!
2^{10} ≡ 1024
2^10 ≡ 1024
10^6 ≡ 1000000
10^{6} ≡ 1,000,000
1.5 \times 10^3 ≡ 1500
1.5e3 ≡ 1500
1.5E+3 ≡ 1500
3\times10^{-4} ≡ 0.0003
3 \cdot 10^8 ≡ 300000000
3x10^8 ≡ 3\times 10^8
6.02*10^23 ≡ 6.02 \times 10^{23}
1000 ≡ 1,000
1000 ≡ 1{,}000
1000 ≡ 1\,000
1000 ≡ 1 000
1000000 ≡ 1,000,000
1234567 ≡ 1 234 567
1,234.5 ≡ 1234.5
\$1{,}000 ≡ 1000
12,\!345 ≡ 12345
10,000 ≡ 10000
1’000 ≡ 1000
1 000 ≡ 1000
\sum_{k=1}^{10} k ≡ 55
\sum_{i=1}^{n} i ≡ \frac{n(n+1)}{2}
\prod_{k=1}^{5}k ≡ 120
3 1/3 ≡ 10/3
3\,\tfrac13 ≡ 10/3
0.1 ≡ 1/10
0.10 ≡ 0.1
1e-3 ≡ 0.001
10^{-3} ≡ .001
2.0e3 ≡ 2000
1/3 ≡ 0.33333333
0.\overline{09} ≡ \frac{1}{11}
0.(3) ≡ 1/3
0.333... ≡ 1/3
0.3333\ldots ≡ 1/3
0.1\dot{6} ≡ 1/6
\frac{1}{2}\ln 3 ≡ \ln\sqrt3
\ln\frac{1}{2} ≡ -\ln 2
\log_4 8 ≡ 3/2
\log 100 ≡ 2
\log_{10}2 ≡ \log 2
e^{\ln 5} ≡ 5
\sinh x ≡ \frac{e^x-e^{-x}}{2}
\arcsin\frac12 ≡ \frac{\pi}{6}
\cot 45° ≡ 1
2\sin^{-1}(\frac12) ≡ \frac{\pi}{3}
\cos^{2}(x)+\sin^{2}(x) ≡ 1
\tan x ≡ \frac{\sin x}{\cos x}
\sin\left(x+\frac{\pi}{2}\right) ≡ \cos x
90^\circ ≡ \frac{\pi}{2}
45° ≡ \pi/4
30' ≡ 30'
12^\circ 30' ≡ 12.5^\circ
{2, 3} ≡ 2, 3
[2,3,4] ≡ 2,3,4
2,3,4 ≡ [2,3,4]
(2)(3) ≡ 6
2(3) ≡ 6
2 \cdot 3^2 ≡ 18
2^3\cdot 3 ≡ 24
2 * 3 * 5 ≡ 30
3^{2}\times 7 ≡ 63
7!/5! ≡ 42
\frac{10!}{8!2!} ≡ 45
\frac{2022}{2023} ≡ 2022/2023
\frac{99}{100} ≡ 0.99
1-\frac{1}{2^{10}} ≡ \frac{1023}{1024}
2^{100}-1 ≡ 2^{100} - 1
2^{1000} ≡ 2^{1000}
10^{100} ≡ 10^{100}
\lfloor 3.7\rfloor ≡ 3
\left\lfloor\frac{n}{2}\right\rfloor ≡ \lfloor n/2\rfloor
|−3| ≡ 3
\left|3-5\right| ≡ 2
\|v\| ≡ \|v\|
\min(a,b) ≡ \min\{a,b\}
\max\{1,2\} ≡ 2
\operatorname{lcm}(4,6) ≡ 12
\text{gcd}(4,6) ≡ 2
\varphi(10) ≡ \phi(10)
\Re(z) ≡ \Re(z)
2+3i ≡ 3i+2
\frac{1+i}{2} ≡ 0.5+0.5i
i^2 ≡ -1
\frac{1}{i} ≡ -i
e^{i\pi} ≡ -1
\cos 60^\circ + i\sin 60^\circ ≡ \frac{1}{2}+\frac{\sqrt3}{2}i
2\mathrm{i} ≡ 2i
(1+i)^2 ≡ 2i
1+2j ≡ 1+2j
\sqrt{-4} ≡ 2i

5 ≢ -5
5 ≢ 6
12 ≢ 21
0.5 ≢ 0.05
0.5 ≢ 5
\frac12 ≢ 2
\frac13 ≢ 0.3
1.41 ≢ \sqrt2
3.14 ≢ \pi
\frac{2}{3} ≢ 0.67
1 ≢ 1,2
3 ≢ \pm3
3,-3 ≢ 3
25 ≢ 0.25
0.25 ≢ 25
2 ≢ 2+0.0001i
\sqrt2 ≢ \sqrt3
\sqrt2 ≢ 2
2\sqrt3 ≢ 3\sqrt2
\sqrt[3]{2} ≢ \sqrt{2}
\log_2 3 ≢ \log_3 2
\ln 2 ≢ \log_{10} 2
\pi ≢ 2\pi
5! ≢ 5
5! ≢ 5!!
\binom52 ≢ \binom53 1
996000 ≢ 996000.5
1000000 ≢ 1000001
1000000 ≢ 1000000.0000001
2^{99} ≢ 2^{98}
-3,0 ≢ -3
-3 ≢ -3,0
1,000 ≢ 1
1,000 ≢ 1000000
1,000 ≢ 1.000
1000 ≢ 100
1,234 ≢ 1,2345
 ≢ 0
0 ≢ 
0 ≢ \emptyset
10 ≢ 1 0
12 ≢ 1 2
12 ≢ 1, 2
12 ≢ 1.2
3 ≢ three hundred
1/2 ≢ 1/3
1 1/2 ≢ 11/2
11/2 ≢ 1 1/2
2 3/4 ≢ 23/4
2\frac34 ≢ \frac{6}{4}
2^3 ≢ 23
100 ≢ 1e3
0.1 ≢ 0.01
0 ≢ 0.0000001
10 ≢ 10%0
5 ≢ 5,000
7 ≢ x=8
7 ≢ not 7
7 ≢ 7 or 8
7 ≢ 7?8
0.333 ≢ 1/3
0.(3) ≢ 0.3
0.\overline{3} ≢ 0.3
0.\overline{3} ≢ 0.33
0.999999 ≢ 1
0.9999999 ≢ 1
99.9999 ≢ 100
1.0000001 ≢ 1
2.718281 ≢ e^{1.0001}
100! ≢ 99!
-2^2 ≢ 4
3\sqrt2 ≢ \sqrt[3]{2}
\sqrt[3]{5} ≢ 3\sqrt5
2\pi ≢ 2\pi^2
\frac{\pi}{6} ≢ \frac{\pi}{3}
30^\circ ≢ \frac{\pi}{3}
\frac{\pi}{6} ≢ 60^\circ
5 ≢ 5i
T ≢ F
0 ≢ none
1 ≢ 1st place is 2
7 ≢ 7\text{ or }8
3 ≢ (3,3)
6 ≢ 2,3
5 ≢ 2+2
12 ≢ 1+2
12 ≢ 1'2
2.5 ≢ 2.5 million
1/2 ≢ half of 3
`;
