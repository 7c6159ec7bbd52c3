/** Expressions with letters, equations, values given to names. Written for these tests: gold ≡ an answer to accept, gold ≢ one to reject. */
export default String.raw`
(x+1)(x-1) ≡ x^2-1
x^2-1 ≡ -1+x^2
x(x+1) ≡ x^2+x
3x^2y ≡ 3yx^2
\frac{x^2-1}{x-1} ≡ x+1
(a+b)^2 ≡ a^2+2ab+b^2
2(x+3) ≡ 2x+6
xy ≡ yx
x*y ≡ xy
x**2 ≡ x^2
x\cdot y ≡ xy
-(x-y) ≡ y-x
2^{n+1} ≡ 2\cdot 2^n
4^n ≡ 2^{2n}
(-1)^{n+1} ≡ (-1)^{n-1}
\frac{n(n+1)}{2} ≡ \frac{n^2+n}{2}
x^{-1} ≡ \frac1x
\sqrt{x} ≡ x^{1/2}
x^{0.5} ≡ \sqrt x
\sqrt{xy} ≡ \sqrt{x}\sqrt{y}
\ln(xy) ≡ \ln x+\ln y
x²+1 ≡ x^2+1
(x - 2)(x^2 + 2x + 4) ≡ x^3-8
a_n ≡ a_{n}
x_1+x_2 ≡ x_2+x_1
\alpha+\beta ≡ \beta+\alpha
e^{x}e^{y} ≡ e^{x+y}
5 ≡ x=5
x=5 ≡ 5
x = 5 ≡ x=5
5 ≡ x = 5
y=2x+3 ≡ 2x+3
y = 2x + 3 ≡ y=3+2x
f(x)=x^2 ≡ x^2
f(x) = x^2 ≡ f(t)=t^2
x=1,y=2 ≡ (1,2)
(1,2) ≡ x=1, y=2
x=1, y=2 ≡ y=2, x=1
x=1 and y=2 ≡ x=1,\ y=2
x=2, x=3 ≡ 2, 3
x=2 or x=3 ≡ x=3 or x=2
x=2,3 ≡ \{2,3\}
x \in \{2,3\} ≡ 2,3
x_1=2, x_2=3 ≡ 2,3
a = 3 ≡ 3
n=3 ≡ n = 3
S = 12 ≡ 12
\angle ABC = 30^\circ ≡ 30
AB = 5 ≡ 5
\theta=\frac{\pi}{2} ≡ \pi/2
5 ≡ 5=x
k = -3 ≡ -3
x+y=3 ≡ y=3-x
2x+3y=6 ≡ 4x+6y=12
x^2+y^2=25 ≡ x^{2}+y^{2}-25=0
y=\frac{1}{2}x+3 ≡ x-2y+6=0
y = mx + b ≡ y=b+mx
\frac{x^2}{4}+\frac{y^2}{9}=1 ≡ 9x^2+4y^2=36
(x-1)^2+(y+2)^2=9 ≡ x^2+y^2-2x+4y-4=0
3x-4y=5 ≡ -3x+4y=-5
2x-y=0 ≡ y=2x
x \equiv 3 \pmod{5} ≡ x\equiv 3 \pmod 5
3 \pmod 5 ≡ 3 \bmod 5
x=2,y=3 or x=3,y=2 ≡ (2,3),(3,2)
\begin{cases} x=1 \\ y=2\end{cases} ≡ (1,2)
\left\{\begin{array}{l} x=1 \\ y=2 \end{array}\right. ≡ x=1,y=2
\left\{\begin{array}{l} x=1 \\ y=2 \end{array}\right. ≡ \begin{cases}x=1\\y=2\end{cases}
1,2,3,\dots ≡ 1,2,3,\ldots
2k+1, k \in \mathbb{Z} ≡ 2k+1
\frac{\pi}{2}+2k\pi ≡ \frac{\pi}{2}+2n\pi
x = k\pi, k\in\mathbb{Z} ≡ k\pi
y = e^{2x}+C ≡ e^{2x}+C
\ln|x|+C ≡ \ln{|x|}+C
\ln|x| ≡ \log|x|
-\frac{a}{b} ≡ \frac{-a}{b}
\frac{a}{b-c} ≡ -\frac{a}{c-b}
\frac{x}{2}+\frac{y}{3} ≡ \frac{3x+2y}{6}
ab^2 ≡ b^2a
\frac{1}{x}+\frac{1}{y} ≡ \frac{x+y}{xy}
a^{-2} ≡ 1/a^2
\sqrt[n]{x} ≡ x^{1/n}
x^{2/3} ≡ \sqrt[3]{x^2}
(x^2)^3 ≡ x^6
\left(\frac{2}{3}\right)^{n} ≡ \frac{2^n}{3^n}
2^{-n} ≡ (1/2)^n
3\cdot2^{n-1} ≡ \frac{3}{2}\cdot 2^n
n^2+n+41 ≡ n(n+1)+41
a=1,b=2,c=3 ≡ 1,2,3
a=1, b=2 ≡ (a,b)=(1,2)
(a,b)=(1,2) ≡ (1,2)
(x,y)=(1,2) ≡ x=1,y=2
(x, y) = (1, 2), (3, 4) ≡ (1,2),(3,4)
(x,y)\in\{(1,2),(3,4)\} ≡ (1,2),(3,4)
A=\{1,2\} ≡ \{1,2\}
P(3)=7 ≡ 7
f(2)=3 ≡ 3
7\text{ is the answer} ≡ 7
x=y=2 ≡ (2,2)
x=y=z ≡ x=y=z
m=\frac{1}{2}, b=3 ≡ m=0.5, b=3
\text{slope}=2 ≡ 2
\text{Area}=16 ≡ 16
x^2+2x+1=0 ≡ (x+1)^2=0
V=\frac43\pi r^3 ≡ \frac{4}{3}\pi r^3
A_1=5 ≡ 5
x'=2 ≡ 2
\alpha=30° ≡ 30°
a_1=1,a_2=2 ≡ 1,2
x=-1 (double root) ≡ x=-1
x = 3 only ≡ 3

x^2 ≢ x^3
x+1 ≢ x-1
2x ≢ x^2
x ≢ y
x=5 ≢ y=5
x+y=3 ≢ x+y=4
x+y=3 ≢ x-y=3
2+3i ≢ 2-3i
2+3i ≢ 2
2+3i ≢ 3i
i ≢ 1
f(x)=x^2 ≢ f(x)=x^3
f(x)=x^2 ≢ g
2x+1=0 ≢ x
x=1,y=2 ≢ x=2,y=1
x=1,y=2 ≢ (2,1)
x_1 ≢ x_2
x_1 ≢ x
a ≢ A
m ≢ M
1.5e3 ≢ 1.5
a+b ≢ ab
a-b ≢ b-a
a/b ≢ b/a
ab/c ≢ a/(bc)
sin x ≢ cos x
\sin x ≢ \sin 2x
\sin^2 x ≢ \sin x^2
e ≢ 2.718
e^2 ≢ 2^e
1e-7 ≢ 0
1e-10 ≢ 1e-11
1e-10 ≢ 2e-10
y=2x+3 ≢ y=3x+2
y=2x+3 ≢ 2x+4
x=2,y=3 or x=3,y=2 ≢ (2,3),(2,3)
x=2,y=3 or x=3,y=2 ≢ x=2,y=2 or x=3,y=3
a=1,b=2 ≢ a=2,b=1
a=1,b=2 ≢ 2,1
x=y=2 ≢ x=2
x^2+2x+1=0 ≢ (x+1)^2=1
f(x)=2x ≢ f(x)=2x+1
V=\frac43\pi r^3 ≢ \frac{4}{3}\pi r^2
\frac{x^3}{3}+C ≢ \frac{x^3}{3}
\ln|x|+C ≢ \ln|x|
n^2 ≢ n^2+0.000001
\sin x ≢ x
x ≢ x+10^{-20}
\sqrt{x+y} ≢ \sqrt{x}+\sqrt{y}
\ln(x+y) ≢ \ln x+\ln y
|x| ≢ x
\sqrt{x^2} ≢ x
\frac{a+b}{c} ≢ a+\frac{b}{c}
a/(b+c) ≢ a/b+c
2^{n+1} ≢ 2^n+1
2^{n}+1 ≢ 2^{n+1}
x^{-1} ≢ -x
-x^2 ≢ (-x)^2
5i ≢ 5
3+4i ≢ 4+3i
3+4i ≢ 5
x \in [1,2] ≢ x\in [1,2)
`;
