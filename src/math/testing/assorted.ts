/** Answers as data sets and models write them, of all kinds. Written for these tests: gold ≡ an answer to accept, gold ≢ one to reject. */
export default String.raw`
\frac{5}{9} ≡ \boxed{\tfrac{5}{9}}
\frac{14}{3} ≡ 4.666666666666667
0.33333333 ≡ \frac{1}{3}
-\frac{35}{9} ≡ \dfrac{-35}{9}
\frac{243}{625} ≡ 0.3888
3.54e10 ≡ 35400000000
5.4 \times 10^{-5} ≡ 0.000054
2\sqrt{13} ≡ \sqrt{52}
6+9i ≡ 9i+6
3\sqrt{13} ≡ 3 \sqrt{13} \text{ units}
\left( 3, \frac{\pi}{2} \right) ≡ (3,\pi/2)
p - q ≡ -q+p
\text{Evelyn} ≡ Evelyn
42 ≡ 42 \text{ students}
27 ≡ 27.0
90^\circ ≡ 90
70 \sqrt{2} ≡ 70\sqrt2
4 ≡ x = 4
6 - 5i ≡ 6-5i
-50 ≡ \(-50\)
\pi ≡ \text{π}
28 ≡ 28\text{ square units}
9 ≡ 9.
\frac{3}{56} ≡ 3/56
1,-2 ≡ x=1\text{ or }x=-2
-2,1 ≡ \{1,-2\}
3, 5, 7 ≡ 3, 5, \text{ and } 7
144 ≡ 144 \text{ cents}
(-\infty,-3)\cup(-3,3)\cup(3,\infty) ≡ x \in \mathbb{R} \setminus \{-3,3\}
\left[-2,7\right] ≡ -2\leq x\leq 7
x^3+3x-6 ≡ -6 + 3x + x^3
5r^5 ≡ 5r^{5}
11\sqrt2 ≡ \sqrt{242}
\begin{pmatrix} -2 \\ -14 \\ -7 \end{pmatrix} ≡ (-2,-14,-7)
\begin{pmatrix} 1/5 & -18/5 \\ 0 & 1 \end{pmatrix} ≡ \begin{pmatrix} 0.2 & -3.6 \\ 0 & 1 \end{pmatrix}
\frac{\sqrt{21}}{5} ≡ \sqrt{\frac{21}{25}}
\cot x ≡ \frac{\cos x}{\sin x}
\csc^2 x ≡ \frac{1}{\sin^2 x}
1 \pm \sqrt{19} ≡ 1+\sqrt{19},1-\sqrt{19}
1 + \sqrt{19}, 1 - \sqrt{19} ≡ 1 \pm \sqrt{19}
y = 2x + 3 ≡ 2x - y + 3 = 0
4x - y + 8z - 16 = 0 ≡ -4x+y-8z+16=0
4210_5 ≡ 4210_{5}
1\,000\,000 ≡ 10^6
864 \mbox{ inches}^2 ≡ 864
15\mbox{ cm}^2 ≡ 15
5.4 \text{ cents} ≡ 5.4
8\% ≡ 0.08
\$18.90 ≡ 18.90
\$32,\!348 ≡ 32348
10\frac{1}{12} \text{ feet} ≡ \frac{121}{12}
\text{(E)} ≡ E
\text{east} ≡ East
2^{n-1} ≡ \frac{2^n}{2}
\frac{n(n+1)(2n+1)}{6} ≡ \frac{2n^3+3n^2+n}{6}
\binom{2n}{n} ≡ \frac{(2n)!}{(n!)^2}
n! ≡ n(n-1)!
2^{2018} ≡ 4^{1009}
\frac{2^{2018}-1}{3} ≡ \frac{4^{1009}-1}{3}
\lfloor \frac{n}{2} \rfloor ≡ \left\lfloor n/2 \right\rfloor
n = 4, 6, 8 ≡ \{4,6,8\}
(a,b,c)=(1,2,3) ≡ a=1,b=2,c=3
f(x) = x ≡ f(x)=x
f(x)=0, f(x)=x^2 ≡ f(x)=x^2 \text{ and } f(x)=0
\frac{a}{\sqrt{3}} ≡ \frac{a\sqrt{3}}{3}
(2,1),(1,2) ≡ \{(1,2),(2,1)\}
(m,n)=(3,2) ≡ m=3 \text{ and } n=2
\sqrt{6}-\sqrt{2} ≡ 2\sqrt{2-\sqrt{3}}
\tan^2 20^\circ ≡ \tan^2(20^\circ)
\frac{\pi}{4} ≡ 45^\circ
\arctan\frac12 ≡ \tan^{-1}\left(\frac{1}{2}\right)
\ln 2 - \ln 3 ≡ \ln\frac{2}{3}
\log_{3} 5 ≡ \frac{\log 5}{\log 3}
e^{\pi i} ≡ -1
\frac{1}{2}(e^x+e^{-x}) ≡ \cosh x
x\ln x - x + C ≡ x(\ln x-1)+C
np.arcsin(10/13) ≡ \arcsin\frac{10}{13}
4.5e33 ≡ 4.5 \times 10^{33}
3.2 \times 10^{16} \text{ g} ≡ 3.2e16
\frac{m g}{k} ≡ mg/k
E=\frac{hc}{\lambda} ≡ \frac{hc}{\lambda}
x(t)=e^{-t} ≡ e^{-t}
y(t) = C_1 e^{t} + C_2 e^{-t} ≡ C_1e^{t}+C_2e^{-t}
1:2 ≡ 1 : 2
2:1 ≡ 4:2
12:25 ≡ 12:25 p.m.
2:30\text{ PM} ≡ 2:30 pm
noon ≡ 12\text{ noon}
Thursday ≡ \text{Thursday}
March 14 ≡ \text{March }14
six ≡ 6
70% ≡ 0.7
-1/2 + 3i ≡ -\frac{1}{2}+3i
\frac{7+\sqrt{5}}{2} ≡ (7+√5)/2
2√5/3 ≡ \frac{2\sqrt{5}}{3}
3π/4 ≡ \frac{3\pi}{4}
x ≥ -2 ≡ [-2, ∞)
1≤x<3 ≡ [1,3)
x²-4 ≡ (x-2)(x+2)
100° ≡ 100^{\circ}
[-2, 1] ≡ x \in [-2,1]
(0, 1] ≡ 0 < x \le 1
(4,\infty) ≡ x > 4
(-\infty,-1]\cup[2,\infty) ≡ x \leq -1 \text{ or } x \geq 2
\{-1, 0, 1\} ≡ -1, 0, 1
\{2\} ≡ 2
2 ≡ \{2\}
x=2 ≡ \{2\}
\{x=1, x=2\} ≡ 1, 2
\left\{ \left( 1,2 \right) , \left(3,4\right) \right\} ≡ (1,2), (3,4)
(1,2,3) ≡ 1,2,3
1, 2, 3 ≡ (1, 2, 3)
[1,2,3] ≡ 1, 2, 3
a,b,c ≡ c,b,a
\{a,b\} ≡ \{b,a\}
5, 4, 4 ≡ 4, 5, 4
\frac{1}{2}, -\frac{1}{2} ≡ \pm\frac12
\pm \frac{\sqrt{2}}{2} ≡ \frac{\sqrt2}{2}, -\frac{\sqrt2}{2}
2\mathbf{i} - 3\mathbf{j} ≡ 2i-3j
\mathbf{v} ≡ v
\overrightarrow{AB} ≡ \vec{AB}
\angle B ≡ \angle B
\triangle ABC \cong \triangle DEF ≡ \triangle ABC\cong\triangle DEF
AB \parallel CD ≡ AB\parallel CD
a \mid b ≡ a\mid b
p \land q ≡ p \land q
\neg p ≡ \neg p
\sqrt[4]{16} ≡ 2
16^{1/4} ≡ 2
27^{2/3} ≡ 9
\left(\frac{1}{2}\right)^{-2} ≡ 4
0^0 ≡ 0^0
|{-3}| ≡ 3
\frac{0}{5} ≡ 0
-0 ≡ 0
1e0 ≡ 1
\frac{10}{4} ≡ \frac{5}{2}
2.50 ≡ 2.5
$\$2.50$ ≡ 2.5
$2.50 ≡ \$2.50
\text{\$}2.50 ≡ 2.5
\$2.50 \text{ per hour} ≡ 2.5
150 \text{ sq ft} ≡ 150
150 ft^2 ≡ 150
8 \frac{1}{2} \text{ inches} ≡ 8.5
24\pi \text{ cm}^3 ≡ 24\pi
6\text{ hours} ≡ 6 hours
5\text{ o'clock} ≡ 5
18\text{ years old} ≡ 18
30 minutes ≡ 30 min
2\text{ L} ≡ 2
100^\circ\text{C} ≡ 100
12 \text{ N} ≡ 12
3 \text{ m/s} ≡ 3
3\ \mathrm{m/s} ≡ 3
3 \mathrm{~m} / \mathrm{s} ≡ 3
\begin{array}{c} 1 \\ 2 \end{array} ≡ \begin{pmatrix}1\\2\end{pmatrix}
\frac{1}{3}\begin{pmatrix}1\\2\end{pmatrix} ≡ \begin{pmatrix}1/3\\2/3\end{pmatrix}
\begin{pmatrix}1&2\\3&4\end{pmatrix}^T ≡ \begin{pmatrix}1&3\\2&4\end{pmatrix}
\begin{pmatrix} 1 \\ 2 \end{pmatrix} + t\begin{pmatrix}3\\4\end{pmatrix} ≡ \begin{pmatrix}1+3t\\2+4t\end{pmatrix}
(1,2)+t(3,4) ≡ (1+3t,2+4t)
\begin{cases} x+1 & x>0 \\ 0 & x \le 0\end{cases} ≡ \begin{cases} 1+x & x>0 \\ 0 & x\leq 0 \end{cases}
\begin{cases} 1, & \text{if } n \text{ is odd} \\ 0, & \text{if } n \text{ is even}\end{cases} ≡ \begin{cases} 1 & \text{if } n \text{ is odd} \\ 0 & \text{if } n \text{ is even}\end{cases}
\mathrm{P}(A) = \frac12 ≡ \frac12
S_{\triangle ABC} = 3 ≡ 3
3 ≡ S_{\triangle ABC} = 3
V_{\max} = 10 ≡ 10
10 ≡ x_{\min}=10
12 ≡ S_{ABCD}=12
3 ≡ \max f = 3
2 ≡ \min_{x} f(x) = 2
\frac12 ≡ \sin A = \frac12
2 ≡ \frac{AB}{CD} = 2
5 ≡ |z| = 5
5 ≡ \overline{AB} = 5
1:2:3 ≡ a:b:c=1:2:3
120 ≡ n! = 120
3 ≡ \lim_{x\to0} f(x) = 3
5 ≡ |AB| = 5
a=1, b=2 ≡ $a=1$ and $b=2$
7 ≡ \text{Answer: } 7
7 ≡ \text{Answer: 7}
7 ≡ \text{ans} = 7
7 ≡ N \equiv 7
7 ≡ a_{10} = 7
7 ≡ f(2) = 7
7 ≡ f(g(2)) = 7
7 ≡ f^{-1}(3) = 7
7 ≡ P(X=2) = 7
\frac13 ≡ P(A|B)=\frac13
\frac13 ≡ \Pr(X > 1) = \frac{1}{3}
3 ≡ E[X]=3
3 ≡ \mathbb{E}[X] = 3
3 ≡ \deg f = 3
6 ≡ \gcd(a,b) = 6
6 ≡ 3! = 6
60^\circ ≡ \angle ABC = 60^\circ
60^\circ ≡ m\angle ABC = 60
x=3 ≡ x = 3.0
4 ≡ 2+2=4
4 ≡ = 4
4 ≡ 4 = 2 + 2
11 ≡ 10 + 1 = 11
\frac{5}{6} ≡ \frac12+\frac13=\frac56
0.5 ≡ \frac{1}{2} = 0.5
50\% ≡ 0.5 = 50\%
50\% ≡ \frac12 = 50\%
x+1 ≡ \frac{x^2-1}{x-1} = x+1
(x+1)^2 ≡ x^2+2x+1 = (x+1)^2
\{x \mid 1<x<2\} ≡ (1,2)
\{x : x \ge 3\} ≡ [3,\infty)
\{ x \in \mathbb{R} \mid x \neq 1 \} ≡ x\ne1
\{2k+1 \mid k \in \mathbb{Z}\} ≡ \{2k+1 : k\in\mathbb{Z}\}
\{(x,y) \mid x=y\} ≡ \{(x,y) : x = y\}
x \in (1,2) \cup (3,4) ≡ (1,2)∪(3,4)
x\in(-\infty,0)\cup(0,\infty) ≡ x \neq 0
k\in[-1,1] ≡ -1\le k\le 1
a\geqslant 1 ≡ [1,+\infty)
a \ge 1 ≡ a\in[1,+\infty)
m<-2 ≡ (-\infty,-2)
0<a<1 ≡ a \in (0,1)
(-1,0]\cup\{2\} ≡ \{2\}\cup(-1,0]
[0,1]\cup[1,2] ≡ [0,2]
10 cm and 20 cm ≡ 20 cm, 10 cm
2 and 3 ≡ 2,3
3 or -3 ≡ \pm 3
4 and 6 ≡ 4\text{ and }6
x=1,-1 ≡ x=\pm1
x = 0, x = 4 ≡ 0,\ 4
x_1 = 1, x_2 = 2 ≡ 1 and 2
(0,0), (1,1) ≡ (0,0) \text{ and } (1,1)
(0,0), (1,1) ≡ (1,1), (0,0)
(0;1) ≡ (0,1)
(1;2;3) ≡ (1,2,3)
1;2;3 ≡ 1,2,3
x=1; y=2 ≡ x=1, y=2
\left(\frac{1}{2}, 3\right) ≡ (0.5, 3)
A(1,2) ≡ (1,2)
P=(1,2) ≡ (1,2)
\{(1,2)\} ≡ (1,2)
(1,2) ≡ x=1, y=2
1.0\times10^{2} ≡ 100
10^{-2} ≡ 0.01
1\% ≡ 0.01
1/100 ≡ 1\%
0.1\% ≡ 0.001
12.5\% ≡ \frac18
150\% ≡ 1.5
33\frac13\% ≡ \frac13
33.3\% ≡ 33.3
\frac{1}{2}\% ≡ 0.5\%
−5 ≡ -5
5 000 000 ≡ 5000000
5\,000\,000 ≡ 5{,}000{,}000
1.000.000 ≡ 1.000.000
0,5 ≡ 0,5
\frac{1000}{3} ≡ 333\frac13
1e6 ≡ 10^6
10^6 ≡ 1,000,000
2^{10} ≡ 1,024
1\ 000 ≡ 1000
00123 ≡ 123
1.20 ≡ 1.2
.75 ≡ \frac34
-.5 ≡ -\frac12
- \frac{ 1 }{ 2 } ≡ -0.5
\frac{1.5}{2} ≡ 0.75
\frac{\frac12}{3} ≡ \frac16
1/2/3 ≡ \frac16
\sqrt{0.25} ≡ 0.5
\sqrt{\frac14} ≡ \frac12
\sqrt{16} ≡ 4
\sqrt[3]{-8} ≡ -2
(-8)^{1/3} ≡ -2
\sqrt{-1} ≡ i
(2+i)(2-i) ≡ 5
\overline{2+i} ≡ \overline{2+i}
\operatorname{cis}(60^\circ) ≡ \operatorname{cis}(60^\circ)
2\operatorname{cis}\frac{\pi}{3} ≡ 1+i\sqrt3
e^{i\pi/3} ≡ \frac12+\frac{\sqrt3}{2}i
\cos\frac{2\pi}{5} ≡ \frac{\sqrt5-1}{4}
\sin 18^\circ ≡ \frac{\sqrt5-1}{4}
\sqrt{2+\sqrt3} ≡ \frac{\sqrt6+\sqrt2}{2}
\sqrt[3]{2+\sqrt5}+\sqrt[3]{2-\sqrt5} ≡ 1
\log_2 3\cdot\log_3 4 ≡ 2
\ln(e^2) ≡ 2
\log_{\frac12} 8 ≡ -3
\log_9 27 ≡ \frac32
2^{\log_2 5} ≡ 5
n 2^{n-1} ≡ \frac{n}{2}2^n
(n-2) 2^{n}+1 ≡ 2^n(n-2)+1
\pi ≡ 3.141593

\frac{5}{9} ≢ \frac{9}{5}
3.54e10 ≢ 3.54e11
6+9i ≢ 6-9i
\left( 3, \frac{\pi}{2} \right) ≢ \left( 3, \frac{3\pi}{2} \right)
90^\circ ≢ 9^\circ
1,-2 ≢ 1,2
-2,1 ≢ 2,-1
\left[-2,7\right] ≢ -2< x\leq 7
4210_5 ≢ 4210_6
10\frac{1}{12} ≢ 10\frac{1}{2}
\text{(E)} ≢ F
\text{east} ≢ west
2^{n-1} ≢ 2^n-1
\binom{2n}{n} ≢ \binom{2n}{n+1}
f(x)=x^2 ≢ f(x)=-x^2
(2,1),(1,2) ≢ (2,1),(2,1)
\frac{\pi}{4} ≢ 45
\tan^2 20^\circ ≢ \tan 20^\circ
\ln 2 - \ln 3 ≢ \ln\frac{3}{2}
12:25 ≢ 12:52
Thursday ≢ Tuesday
March 14 ≢ March 15
six ≢ 16
[1,3) ≢ 1\le x\le 3
\{2\} ≢ \{-2\}
\begin{pmatrix}1&2\\3&4\end{pmatrix}^T ≢ \begin{pmatrix}1&2\\3&4\end{pmatrix}
\frac{1}{3}\begin{pmatrix}1\\2\end{pmatrix} ≢ \begin{pmatrix}1\\2\end{pmatrix}
(1,2)+t(3,4) ≢ (3,4)+t(1,2)
\begin{cases} x+1 & x>0 \\ 0 & x \le 0\end{cases} ≢ \begin{cases} x+1 & x\ge0 \\ 0 & x < 0\end{cases}
y=2x+3 ≢ y=2x-3
x^3+3x-6 ≢ x^3+3x+6
5r^5 ≢ 5r^6
C_1e^{t}+C_2e^{-t} ≢ C_1e^{t}
24\pi \text{ cm}^3 ≢ 24\pi \text{ cm}^2
24\pi ≢ 24
30 minutes ≢ 30 hours
a \mid b ≢ b\mid a
AB \parallel CD ≢ AB \perp CD
5, 4, 4 ≢ 5, 4
5, 4, 4 ≢ 5, 5, 4
x(x+1) ≢ x(x-1)
\frac{m g}{k} ≢ \frac{m k}{g}
2:1 ≢ 1:2
\$18.90 ≢ \$18.09
1 \pm \sqrt{19} ≢ 1 + \sqrt{19}
\sqrt{6}-\sqrt{2} ≢ \sqrt{6}+\sqrt{2}
0.3888 ≢ 0.388
4.666666666666667 ≢ 4.6
\arctan\frac12 ≢ \arctan 2
3, 5, 7 ≢ 3, 5
[-2,1] ≢ (-2,1)
(0, 1] ≢ [0, 1)
(-\infty,-1]\cup[2,\infty) ≢ [-1,2]
6+9i ≢ 15
\triangle ABC ≢ \triangle ABD
\angle B ≢ \angle C
3 ≢ S_{\triangle ABC} = 4
7 ≢ f(7) = 2
2 ≢ 2+3=5
2x+1=3 ≢ 3
a:b=1:2 ≢ 2:1
P(A|B)=\frac13 ≢ \frac23
\{2k+1 \mid k \in \mathbb{Z}\} ≢ \{2k \mid k \in \mathbb{Z}\}
\{(x,y) \mid x=y\} ≢ \{(x,y) \mid x=-y\}
k\in[-1,1] ≢ -1<k<1
10 cm and 20 cm ≢ 10 cm
x_1 = 1, x_2 = 2 ≢ x_1=2,x_2=1
(0;1) ≢ (1;0)
A(1,2) ≢ A(2,1)
1\% ≢ 1.01
0.1\% ≢ 0.1\% + 1
33.3\% ≢ \frac13
0,5 ≢ 5
0,5 ≢ 0.5
1.000.000 ≢ 1
1/2/3 ≢ \frac{3}{2}
\sqrt[3]{-8} ≢ 2
(2+i)(2-i) ≢ 3
2\operatorname{cis}\frac{\pi}{3} ≢ 1-i\sqrt3
\sin 18^\circ ≢ \sin 18
\log_{\frac12} 8 ≢ 3
AB^2=25 ≢ 5
25 ≢ AB^2=5
(1,2) ≢ x=2,y=1
3 or -3 ≢ 3
between 2 and 3 ≢ 2
4 ≢ 4 = x^2
\{1,2\} \cap \{2,3\} ≢ \{1,2,3\}
[0,1]\cup[2,3] ≢ [0,3]
[0,1)\cup(1,2] ≢ [0,2]
x\ne1 ≢ x=1
n! = 120 ≢ 5
\frac{1}{2} = 0.5 ≢ 2
0.333333 ≢ 0.333334
0.666667 ≢ 0.666666
100 ≢ 99.9999
1/3 ≢ 0.333334
2/3 ≢ 0.666668
\sqrt2 ≢ 1.4142141
P(3)=7 ≢ P(4)=7
P(3)=7 ≢ P(3)=8
f(2)=3 ≢ f(2)=4
f(x)=x^2 ≢ f(w)=x^2
x=y=2 ≢ x=w=2
8:00 ≢ 9:00
(-\infty,2)\cup(5,\infty) ≢ (-\infty,2)\cup(5,\infty]
(C) 15 ≢ (C) 25
9.8 \text{ m/s}^2 ≢ 9.8 \text{ m/s}^3
16\pi \text{ in}^2 ≢ 16\pi \text{ in}^3
\gcd(4,6) ≢ \gcd(4,6]
`;
