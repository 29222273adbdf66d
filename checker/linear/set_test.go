package linear

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/driver"
)

// numbers are a set as a map.
type numbers map[int]bool

func (n numbers) set() set {
	var s set
	for i := range n {
		s = s.with(i)
	}
	return s
}

// TestSets holds sets against maps: numbers of one byte and of several.
func TestSets(t *testing.T) {
	some := func(t *rapid.T, name string) numbers {
		n := numbers{}
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, rapid.SampledFrom([]int{7, 16, 40}).Draw(t, "most")), 0, 12).Draw(t, name) {
			n[i] = true
		}
		return n
	}
	rapid.Check(t, func(t *rapid.T) {
		x, y := some(t, "x"), some(t, "y")
		if rapid.Bool().Draw(t, "part") { // of x
			maps.DeleteFunc(y, func(i int, _ bool) bool { return !x[i] })
		}
		a, b := x.set(), y.set()
		both, without, contains := numbers{}, numbers{}, true
		for i := range 48 {
			if a.has(i) != x[i] {
				t.Fatalf("%v has %d: %v", x, i, a.has(i))
			}
			if x[i] && y[i] {
				both[i] = true
			}
			if x[i] && !y[i] {
				without[i] = true
			}
			contains = contains && (!y[i] || x[i])
		}
		if a.both(b) != both.set() || a.without(b) != without.set() || a.contains(b) != contains {
			t.Fatalf("%v and %v: both %v, without %v, contains %v", x, y, []byte(a.both(b)), []byte(a.without(b)), a.contains(b))
		}
		if (a == b) != maps.Equal(x, y) || strings.HasSuffix(string(a), "\x00") {
			t.Fatalf("%v is %v", x, []byte(a))
		}
		moved := numbers{}
		for i := range x {
			moved[3*i+1] = true
		}
		if a.renumbered(func(i int) int { return 3*i + 1 }) != moved.set() {
			t.Fatalf("%v with other numbers", x)
		}
	})
}

// TestNamesAreCounted reads names up to the last byte that they may take, and one more.
func TestNamesAreCounted(t *testing.T) {
	const lines = `{"history":1}
{"call":"info","domain":"vm1","client":"cc","from":1}
{"call":"info","domain":"vm1","client":"cc","from":2}
{"cut":5}
{"end":5,"complete":false}
`
	const two = len("vm1") + 64 + len("cc") + 64
	for most, fits := range map[int]bool{two: true, two - 1: false} {
		r := NewReader("f", strings.NewReader(lines))
		r.mostNames = most
		h, err := r.Next()
		for err == nil && !fits {
			_, err = r.Next()
		}
		if told := err != nil && strings.Contains(err.Error(), "names of clients"); told == fits || fits && len(h.Operations) != 2 {
			t.Errorf("%d bytes: %d calls, %v", most, len(h.Operations), err)
		}
	}
}

// TestLittleIsKept shows that a lane keeps no more of its past than since a step that leaves no
// doubt about the object, where somebody vouches for times; and nothing where nobody does.
func TestLittleIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		vouched     bool
		reads       int
		least, most int
	}{
		"nobody vouches": {false, 0, 0, 0}, "read often": {true, 2, 0, 60}, "read never": {true, 0, 250, 300},
	} {
		s := register()
		if c.vouched {
			s.narrow = func(items []item[registerStep]) ([]item[registerStep], bool) { return slices.Clone(items), true }
		}
		l := newLane(s, 0)
		s.bounds.small = 10
		most := 0
		for now := int64(0); now < 3000; now += 10 {
			items := []item[registerStep]{write(int(now), now+1, now+3)}
			if c.reads > 0 {
				items = append(items, read(int(now), now+5, now+6))
			}
			l.add(t.Context(), items, now+9)
			most = max(most, s.bounds.steps)
		}
		if l.verdict != OK || most > c.most || most < c.least || l.again > 0 {
			t.Errorf("%s: %v, %d steps are kept, %d windows looked at again", name, l.verdict, most, l.again)
		}
	}
}

// TestShowsDomain says which calls leave no doubt about a domain: an info that was answered, and
// who finds none.
func TestShowsDomain(t *testing.T) {
	for op := driver.Op(0); int(op) < len(codesOf); op++ {
		for _, code := range codesOf[op] {
			for _, to := range []int64{5, Never} {
				a := &apiCall{Operation: &Operation{Call: driver.Call{Op: op}, Code: code, From: 1, To: to}}
				want := to != Never && (code == driver.NoDomain || op == driver.OpInfo && code == driver.OK)
				if showsDomain(a) != want {
					t.Errorf("%s = %s, until %d, shows the domain: %v", op, code, to, !want)
				}
			}
		}
	}
}
