/** The same answer typed, framed or typeset otherwise. Written for these tests: gold ≡ an answer to accept, gold ≢ one to reject. */
export default String.raw`
7 ≡ $7$
7 ≡ \(7\)
7 ≡ $$7$$
7 ≡ \[7\]
7 ≡ \boxed{7}
7 ≡ \fbox{7}
7 ≡ **7**
7 ≡ \text{7}
7 ≡ \mathbf{7}
7 ≡ \boxed{\text{7}}
7 ≡ \boxed{\boxed{7}}
7 ≡ {7}
7 ≡ \bf{7}
7 ≡ 7.
7 ≡ 7\ 
7 ≡ \displaystyle 7
7 ≡ \color{red}7
7 ≡ {\color{blue}7}
7 ≡ \textcolor{red}{7}
7 ≡ \mathbf{\color{red}{7}}
7 ≡ \underline{7}
7 ≡ \large 7
7 ≡ \Large{7}
7 ≡ _7_
7 ≡ *7*
7 ≡ "7"
7 ≡ ７
1/2 ≡ １/２
7 ≡ 7。
3,5 ≡ 3，5
3,5 ≡ 3、5
(1,2) ≡ （1，2）
7 ≡ \quad 7
7 ≡ x = \boxed{7}
7 ≡ \fcolorbox{red}{white}{7}
7 ≡ \colorbox{yellow}{7}
7 ≡ \hbox{7}
7 ≡ \mathit{7}
7 ≡ \ensuremath{7}
7 ≡ \left.7\right.
7 ≡ (7)
7 ≡ 7 \\
7 ≡ ≈7
-7 ≡ –7
-7 ≡ −7
-7 ≡ - 7
(-7) ≡ -7
2a ≡ 2·a
2a ≡ 2\times a
2a ≡ 2\ast a
6 ≡ 2·3
\lfloor x\rfloor ≡ \left\lfloor x \right\rfloor
|x-1| ≡ \left|x-1\right|
\lvert x\rvert ≡ |x|
\lceil 2.1\rceil ≡ 3
\max(1,2) ≡ 2
\gcd(4,6) ≡ 2
\overline{AB} ≡ AB
\vec{v} ≡ v
\overrightarrow{AB} ≡ AB
\triangle ABC ≡ \triangle ABC
f^{-1}(x)=x-1 ≡ x-1
f'(x)=2x ≡ 2x
\frac{dy}{dx}=2x ≡ 2x
12\text{ and }15 ≡ 12, 15
\text{1 and 2} ≡ 1,2
x=1\text{ or }x=2 ≡ 1,2
π ≡ 3.141592653589793
√2/2 ≡ 1/√2
x₁ ≡ x_1
10³ ≡ 1000
2⁻¹ ≡ 1/2
a≥b ≡ a\ge b
∞ ≡ \infty
ℝ ≡ \mathbb{R}
(−∞,∞) ≡ \mathbb{R}
½x ≡ x/2
⅓ ≡ 1/3
θ ≡ \theta
x→2 ≡ x\to 2
3×4 ≡ 12
2⋅3 ≡ 6
6÷2 ≡ 3
∠A ≡ \angle A
x ∈ [1,2] ≡ [1,2]
{1,2} ∪ {3} ≡ {1,2,3}
¾ ≡ 0.75
⅝ ≡ 5/8
⅞ ≡ 0.875
²√x ≡ ²√x
`;
