package stats

// Hadamard is a matrix of +1 and -1 whose rows are orthogonal, of the smallest
// order from n on that can be built; its first row and column are +1, so that
// every other column adds to 0. It is built by doubling (Sylvester 1867) from
// the two constructions of Paley (1933) over prime fields; the first orders of
// which another multiple of 4 has to stand in are 52, 92, 100
// and 116.
func Hadamard(n int) [][]int8 {
	order := max(n, 1)
	for {
		if h := hadamardOf(order); h != nil {
			return normalize(h)
		}
		order++
	}
}

func hadamardOf(order int) [][]int8 {
	switch {
	case order == 1:
		return [][]int8{{1}}
	case order == 2:
		return [][]int8{{1, 1}, {1, -1}}
	case order%4 != 0:
		return nil
	case isPrime(order - 1):
		return paley1(order - 1)
	case order/2%4 == 2 && isPrime(order/2-1):
		return paley2(order/2 - 1)
	}
	half := hadamardOf(order / 2)
	if half == nil {
		return nil
	}
	return kronecker(hadamardOf(2), half)
}

// paley1 has order q+1 for a prime q = 3 mod 4: I + S, S the bordered matrix of
// quadratic characters, which is skew.
func paley1(q int) [][]int8 {
	h := bordered(q, -1)
	for i := range h {
		h[i][i] = 1
	}
	return h
}

// paley2 has order 2(q+1) for a prime q = 1 mod 4: each entry of the symmetric
// bordered matrix becomes a block of four.
func paley2(q int) [][]int8 {
	c := bordered(q, 1)
	h := square(2 * len(c))
	for i := range c {
		for j, s := range c[i] {
			block := [4]int8{s, s, s, -s}
			if i == j {
				block = [4]int8{1, -1, -1, -1}
			}
			h[2*i][2*j], h[2*i][2*j+1], h[2*i+1][2*j], h[2*i+1][2*j+1] = block[0], block[1], block[2], block[3]
		}
	}
	return h
}

// bordered is the matrix χ(i - j) over the prime field of q with a row of 1
// above and a column of side at the left; its corner and diagonal are 0.
func bordered(q int, side int8) [][]int8 {
	character := make([]int8, q)
	for k := 1; k < q; k++ {
		character[k] = -1
	}
	for k := 1; k < q; k++ {
		character[k*k%q] = 1
	}
	c := square(q + 1)
	for i := range q {
		c[0][i+1], c[i+1][0] = 1, side
		for j := range q {
			c[i+1][j+1] = character[(i-j+q)%q]
		}
	}
	return c
}

func kronecker(a, b [][]int8) [][]int8 {
	n := len(b)
	h := square(len(a) * n)
	for i := range h {
		for j := range h[i] {
			h[i][j] = a[i/n][j/n] * b[i%n][j%n]
		}
	}
	return h
}

// normalize turns the signs of columns and rows so that the first of each is +1.
func normalize(h [][]int8) [][]int8 {
	for j, s := range append([]int8(nil), h[0]...) {
		for i := range h {
			h[i][j] *= s
		}
	}
	for _, row := range h {
		s := row[0]
		for j := range row {
			row[j] *= s
		}
	}
	return h
}

func square(n int) [][]int8 {
	m := make([][]int8, n)
	for i := range m {
		m[i] = make([]int8, n)
	}
	return m
}

func isPrime(n int) bool {
	for k := 2; k*k <= n; k++ {
		if n%k == 0 {
			return false
		}
	}
	return n > 1
}
