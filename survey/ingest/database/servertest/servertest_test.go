package servertest

import "testing"

// TestNodes kills and starts a server of each kind.
func TestNodes(t *testing.T) {
	for name, start := range map[string]func(testing.TB) []*Node{"ClickHouse": ClickHouse, "PostgreSQL": func(t testing.TB) []*Node { return Postgres(t, 3) }} {
		t.Run(name, func(t *testing.T) {
			nodes := start(t)
			for _, n := range nodes {
				if !n.answers() {
					t.Errorf("%s does not answer", n.Address())
				}
			}
			nodes[1].Kill()
			if nodes[1].answers() || !nodes[2].answers() {
				t.Error("the killed node is not the only one that does not answer")
			}
			nodes[1].Start(t)
			if !nodes[1].answers() {
				t.Error("the node does not answer after it was started again")
			}
		})
	}
}
