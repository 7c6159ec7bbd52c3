/** Units, money, percent, times, dates, choices, words. Written for these tests: gold ≡ an answer to accept, gold ≢ one to reject. */
export default String.raw`
\$5 ≡ 5
$5 ≡ 5
5 dollars ≡ \$5
$5.00 ≡ 5
5 cm ≡ 5\text{ cm}
5 ≡ 5\,\mathrm{cm}
5\text{ cm}^2 ≡ 5 cm^2
5\text{ cm}^2 ≡ 5 square centimeters
5 cm² ≡ 5\ \text{cm}^{2}
60\text{ km/h} ≡ 60 km/h
60 mph ≡ 60 miles per hour
60 \frac{km}{h} ≡ 60
30^\circ ≡ 30
30^{\circ} ≡ 30 degrees
30° ≡ 30^\circ
30\degree ≡ 30
25% ≡ 25\%
25% ≡ 25
25% ≡ 0.25
25% ≡ 25 percent
\frac14 ≡ 25%
€20 ≡ 20 euros
20 € ≡ 20
£3 ≡ 3 pounds
12 apples ≡ 12
3 hours ≡ 3
3 hrs ≡ 3 hours
10 m/s ≡ 10
10\,\text{m/s}^2 ≡ 10 \mathrm{~m} / \mathrm{s}^2
5 inches ≡ 5 in
7 feet ≡ 7 ft
4 liters ≡ 4 L
100 kilograms ≡ 100 kg
72 degrees Fahrenheit ≡ 72°F
72^\circ F ≡ 72
2.5 million ≡ 2500000
3 thousand ≡ 3000
1.2 billion ≡ 1200000000
half ≡ 1/2
twenty ≡ 20
twenty-one ≡ 21
five ≡ 5
one hundred ≡ 100
zero ≡ 0
a dozen ≡ 12
(A) ≡ A
A ≡ \text{A}
B ≡ \textbf{(B)}
(C) ≡ \text{(C)}
C ≡ (C) 15
\textbf{(D)}\ 12 ≡ D
E ≡ Option E
B ≡ The answer is (B).
B ≡ B.
A ≡ a)
15 ≡ (C) 15
D ≡ D: 42
123_5 ≡ 123_{5}
123_5 ≡ 123_{\text{five}}
1011_2 ≡ 1011_{2}
2:3 ≡ 4:6
2:3 ≡ 2 : 3
3/4 ≡ 3:4
2 to 3 ≡ 2:3
3:30 PM ≡ 3:30 \text{ p.m.}
3:30 pm ≡ 3:30
15:30 ≡ 3:30 PM
noon ≡ 12:00 PM
1:2:3 ≡ 1 : 2 : 3
\text{yes} ≡ Yes
Yes ≡ yes.
True ≡ true
\text{ellipse} ≡ Ellipse
\text{Monday} ≡ monday
Evelyn ≡ \text{Evelyn}
the ellipse ≡ ellipse
even ≡ Even
October 12 ≡ 12 October
July 4, 1776 ≡ July 4 1776
odd ≡ \textbf{odd}
increasing ≡ Increasing.
an ellipse ≡ ellipse
Alice, Bob ≡ Bob, Alice
Alice and Bob ≡ Alice, Bob
\text{red, blue} ≡ red, blue
\mathbb{Z} ≡ \mathbb{Z}
12:30 ≡ 12:30 PM
8:00 a.m. ≡ 8 AM
8:00 ≡ 8:00 a.m.
2 hours 30 minutes ≡ 2 hours and 30 minutes
5 feet 6 inches ≡ 5 feet 6 inches
\$1.50 ≡ $1.5
\$ 20 ≡ 20 dollars
USD 20 ≡ $20
20 USD ≡ 20
Rs. 20 ≡ 20
50 cents ≡ 50
¥500 ≡ 500 yen
₹20 ≡ 20
5\text{ m} ≡ 5 meters
3\text{ sq. units} ≡ 3
16\pi\text{ square inches} ≡ 16\pi
16\pi \text{ in}^2 ≡ 16\pi
9.8 \text{ m/s}^2 ≡ 9.8
9.8\,\frac{\text{m}}{\text{s}^2} ≡ 9.8 m/s^2
20 km/hr ≡ 20 km/h
20\text{ kilometers per hour} ≡ 20 km/h
5^{\circ}\text{C} ≡ 5
5 °C ≡ 5 degrees Celsius
12\text{ ways} ≡ 12
12\text{ (ways)} ≡ 12
12 ways ≡ 12
about 12 ≡ 12
approximately 12 ≡ 12
\approx 12 ≡ 12
12 units ≡ 12
12 sq units ≡ 12
12\text{th} ≡ 12th
3 boys and 4 girls ≡ 3 boys and 4 girls
5\%\text{ per year} ≡ 5\%
0.5 kg ≡ 0.5
1 hour ≡ 1
10^3 \text{ kg/m}^3 ≡ 1000
\text{Yes, it is} ≡ Yes, it is
False ≡ F
True ≡ T
\text{No} ≡ no
Impossible ≡ impossible
none ≡ None
\text{none of the above} ≡ None of the above
2 red, 3 blue ≡ 2 red, 3 blue
C, D ≡ CD
A, C ≡ AC
A and C ≡ (A), (C)
ABC ≡ A, B, C
A,B ≡ AB

25% ≢ 2500
5 cm ≢ 5 m
5 cm ≢ 5 cm^2
$5 ≢ €5
30° ≢ 30\text{ rad}
5 km ≢ 5 miles
A ≢ B
123_5 ≢ 123_6
123_5 ≢ 38
123_5 ≢ 123
2:3 ≢ 3:2
2:3 ≢ 2/3.1
3:30 PM ≢ 3:30 AM
3:30 ≢ 3:31
yes ≢ no
True ≢ False
ellipse ≢ parabola
no solution ≢ 0
DNE ≢ 0
July 4 ≢ July 5
Monday ≢ Tuesday
Ann ≢ Anna
50% ≢ 5
8:00 a.m. ≢ 8:00 p.m.
8:00 ≢ 8:30
50 cents ≢ $50
100 cm ≢ 1 cm
2 hours 30 minutes ≢ 2 hours 31 minutes
5 feet 6 inches ≢ 5 feet 7 inches
5 feet 6 inches ≢ 5
12th ≢ 13th
3 boys and 4 girls ≢ 4 boys and 3 girls
3 red, 4 blue ≢ 4 red, 3 blue
AC ≢ A
AB ≢ BA x
ABC ≢ AB
no ≢ yes
odd ≢ even
none ≢ one
Alice ≢ Bob
Alice, Bob ≢ Alice
red ≢ read
1st ≢ 2nd
2.5 million ≢ 2.5
3 thousand ≢ 3 million
three ≢ 13
twenty ≢ twelve
`;
