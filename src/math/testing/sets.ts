/** Inequalities, intervals, sets, tuples, matrices, several answers. Written for these tests: gold ≡ an answer to accept, gold ≢ one to reject. */
export default String.raw`
x>3 ≡ (3,\infty)
x>3 ≡ 3<x
x \ge 3 ≡ [3,\infty)
x>=3 ≡ x≥3
2<x\le 5 ≡ (2,5]
2<x\leqslant 5 ≡ x \in (2, 5]
-1<x<1 ≡ |x|<1
x<-1 \text{ or } x>1 ≡ (-\infty,-1)\cup(1,\infty)
x<-1\cup x>1 ≡ |x|>1
x \neq 2 ≡ (-\infty,2)\cup(2,\infty)
\mathbb{R} ≡ (-\infty,\infty)
all real numbers ≡ \mathbb{R}
x\in\mathbb{R} ≡ (-\infty, +\infty)
\mathbb{R}\setminus\{2\} ≡ x\ne 2
(-\infty, 3] ≡ x \leq 3
(1,2)\cup(3,4) ≡ (3,4) \cup (1,2)
(1,2) U (3,4) ≡ (1,2)\cup(3,4)
[0,1] ≡ 0\le x\le 1
0 \leq x \leq 1 ≡ 1\ge x\ge 0
2x+1>5 ≡ x>2
a>b ≡ b<a
\left(-\infty, \frac12\right] ≡ (-oo, 1/2]
(-inf, 3) ≡ (-\infty,3)
]1,2[ ≡ (1,2)
\{x \mid x>2\} ≡ x>2
\{x \in \mathbb{R} : x > 2\} ≡ (2,\infty)
x\in(1,2) ≡ 1<x<2
k > 0 ≡ k>0
(1,2) ≡ \left(1,2\right)
(1,2) ≡ ( 1 , 2 )
(1,2,3) ≡ \langle 1,2,3\rangle
\begin{pmatrix}1\\2\end{pmatrix} ≡ (1,2)
\begin{pmatrix}1&2\\3&4\end{pmatrix} ≡ \begin{bmatrix}1 & 2 \\ 3 & 4\end{bmatrix}
\left(\begin{array}{cc}1&2\\3&4\end{array}\right) ≡ \begin{pmatrix}1&2\\3&4\end{pmatrix}
\begin{pmatrix}1&2\\3&4\end{pmatrix} ≡ [[1,2],[3,4]]
\begin{bmatrix} \frac12 & 0 \\ 0 & 2\end{bmatrix} ≡ \begin{pmatrix}0.5&0\\0&2\\ \end{pmatrix}
\{1,2,3\} ≡ \{3,2,1\}
\{1,2,3\} ≡ 1,2,3
1,2,3 ≡ {1, 2, 3}
1, 2 ≡ 1 and 2
1, 2 ≡ 1 or 2
1 and 2 ≡ 2 and 1
1; 2 ≡ 1, 2
3, 5 and 7 ≡ 3,5,7
3,5, and 7 ≡ 7, 5, 3
\{1\}\cup\{2\} ≡ \{1,2\}
(1,2),(3,4) ≡ (3,4), (1,2)
(1,2)\text{ and }(3,4) ≡ (1,2),(3,4)
\pm 3 ≡ 3,-3
x=\pm 3 ≡ \{-3, 3\}
1\pm\sqrt2 ≡ 1+\sqrt2, 1-\sqrt2
\frac{-1\pm\sqrt5}{2} ≡ \frac{-1+\sqrt5}{2},\frac{-1-\sqrt5}{2}
±2 ≡ 2 and -2
+/-2 ≡ ±2
\emptyset ≡ no solution
\varnothing ≡ \{\}
∅ ≡ {}
no solutions ≡ There is no solution
DNE ≡ does not exist
undefined ≡ Undefined
\infty ≡ infinity
-\infty ≡ -∞
+\infty ≡ \infty
\{1,2\}\cup\{3,4\} ≡ \{1,2,3,4\}
\{1, 2\} \cap \{2, 3\} ≡ \{2\}
\{1,2,3\}\setminus\{3\} ≡ \{1,2\}
[0,5]\cap[3,8] ≡ [3,5]
\mathbb{R}\setminus\{0,1\} ≡ (-\infty,0)\cup(0,1)\cup(1,\infty)
x\neq 0,1 ≡ (-\infty,0)\cup(0,1)\cup(1,\infty)
x\ne 0, x\ne 1 ≡ \mathbb{R}\setminus\{0,1\}
(-\infty,2)\cup(2,\infty) ≡ \mathbb{R}-\{2\}
[0,1]\setminus\{\frac12\} ≡ [0,\frac12)\cup(\frac12,1]
[1,2]\cup[2,3] ≡ [1,3]
(0,1]\cup(1,2) ≡ (0,2)
x>2, x<5 ≡ (2,5)
x>2 and x<5 ≡ 2<x<5
x<2 or x>5 ≡ (-\infty,2)\cup(5,\infty)
x \le -2 \text{ or } x \ge 2 ≡ |x|\ge 2
|x-1|<2 ≡ -1<x<3
2x<6 ≡ x<3
-x>3 ≡ x<-3
1<2x+1<5 ≡ 0<x<2
5>x>2 ≡ 2<x<5
\begin{vmatrix}1&2\\3&4\end{vmatrix} ≡ -2
\begin{pmatrix}1&2\end{pmatrix} ≡ (1,2)
\begin{bmatrix}1\\2\\3\end{bmatrix} ≡ \begin{pmatrix}1\\2\\3\end{pmatrix}
\langle 1,2\rangle ≡ (1,2)
i+2j ≡ i+2j
2\mathbf{i}+3\mathbf{j} ≡ 2\mathbf{i}+3\mathbf{j}
\begin{pmatrix}1&2\\3&4\end{pmatrix} ≡ \left[\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right]
\begin{bmatrix}1&2\\3&4\end{bmatrix} ≡ \begin{bmatrix} 1 & 2 \cr 3 & 4\end{bmatrix}
\begin{pmatrix} -1/2 \\ 3 \end{pmatrix} ≡ \begin{pmatrix} -\frac12 \\ 3 \end{pmatrix}
\begin{smallmatrix}1\\2\end{smallmatrix} ≡ \begin{pmatrix}1\\2\end{pmatrix}
-1 \pm 2i ≡ -1+2i, -1-2i
\frac{3\pm\sqrt{17}}{4} ≡ \frac{3+\sqrt{17}}{4},\frac{3-\sqrt{17}}{4}
\pm\sqrt2,\pm1 ≡ 1,-1,\sqrt2,-\sqrt2
(\pm1,2) ≡ (1,2),(-1,2)
1, \pm 2 ≡ 1,2,-2
x=\pm 2i ≡ 2i,-2i

\frac{1}{3} ≢ 0.33
(1,2) ≢ (2,1)
(1,2) ≢ [1,2]
(1,2) ≢ [1,2)
(1,2) ≢ (1,2]
[1,2] ≢ (1,2)
1,2 ≢ 1,2,3
1,2,3 ≢ 1,2
1,2 ≢ 1
\{1,2\} ≢ \{1\}
\pm3 ≢ 3
x>3 ≢ x\ge 3
x>3 ≢ x<3
x>3 ≢ x>4
(3,\infty) ≢ [3,\infty)
(-\infty,3) ≢ (3,\infty)
(1,2)\cup(3,4) ≢ (1,2)\cup(3,5)
(1,2)\cup(3,4) ≢ (1,2)
\begin{pmatrix}1&2\\3&4\end{pmatrix} ≢ \begin{pmatrix}1&3\\2&4\end{pmatrix}
\begin{pmatrix}1\\2\end{pmatrix} ≢ \begin{pmatrix}2\\1\end{pmatrix}
(A) ≢ (C)
\frac{1}{2^{99}} ≢ \frac{1}{2^{98}}
\emptyset ≢ 0
\infty ≢ -\infty
\infty ≢ 1000000
(1,2),(3,4) ≢ (1,3),(2,4)
(1,2),(3,4) ≢ (1,2)
x^{12} ≢ x^1 2
\{1,2\} ≢ (2,1)x
(2,1) ≢ \{1,2\}
(-3,4) ≢ (3,-4)
(0,1) ≢ [0,1]
x<-1 ≢ x>-1
2<x<5 ≢ 2<x<6
2<x<5 ≢ 2\le x<5
x\ne 2 ≢ x=2
[0,1] ≢ 0,1
(2,3),(3,2) ≢ (2,2),(3,3)
x \equiv 3 \pmod{5} ≢ x\equiv 3 \pmod 7
3 \pmod 5 ≢ 3 \pmod 7
3 \pmod 5 ≢ 2 \pmod 5
x>2, x<5 ≢ x>2 or x<5 or x=3
2<x<5 ≢ x>2
|x-1|<2 ≢ |x+1|<2
|x-1|<2 ≢ |x-1|\le 2
-x>3 ≢ x>-3
1<2x+1<5 ≢ 0<x<3
\{1,2\}\cup\{3\} ≢ \{1,2\}
[1,2]\cup[2,3] ≢ [1,2]
(1,2)\cup(2,3) ≢ (1,3)
\mathbb{R}\setminus\{0,1\} ≢ \mathbb{R}\setminus\{0\}
0.\overline{12} ≢ 0.12
\begin{vmatrix}1&2\\3&4\end{vmatrix} ≢ 2
\begin{pmatrix}1&2\\3&4\end{pmatrix} ≢ 1,2,3,4
\begin{pmatrix}1&2\\3&4\end{pmatrix} ≢ (1,2,3,4)
(a,b)=(1,2) ≢ (a,b)=(2,1)
(a,b)=(1,2) ≢ (b,a)=(1,2)
A, C ≢ AD
A, C ≢ A
C, D ≢ C
2^{1000} ≢ 2^{1001}
2^{1000}+1 ≢ 2^{1000}
10^{100} ≢ 10^{101}
2^{100}-1 ≢ 2^{100}
10^{100}+1 ≢ 10^{100}
(x+1)^2 ≢ x^2+1
(-2)^2 ≢ -4
\{1,2,2\} ≢ \{1,2,3\}
1,1 ≢ 1
1,1,2 ≢ 1,2,2
\{1\} ≢ \{1,2\}
(1,1) ≢ (1)
(0,0) ≢ 0
(1,2,3) ≢ (1,2)
(1,2) ≢ (1,2,3)
\mathbb{R} ≢ \mathbb{Z}
\mathbb{Z} ≢ \mathbb{N}
\mathbb{R} ≢ \mathbb{R}\setminus\{0\}
\mathbb{R}^+ ≢ \mathbb{R}
`;
