package api

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/lockproof/lockproof/checker/linear"
)

// An alone state is one thing that a domain may be like, and how far calls are: what porcupine's
// own way with nondeterminism follows, one state at a time, without sets.
type alone struct {
	state
	far string
}

// plainly is what porcupine says of the steps of a domain, whole and with all times as they are.
func plainly(moves []linear.Timed[move], free bool) linear.Verdict {
	m := porcupine.NondeterministicModel{
		Init: func() []any {
			var all []any
			for _, s := range settle(anything(nil), free) {
				all = append(all, alone{state: s})
			}
			return all
		},
		Step: func(now, input, _ any) []any {
			it, a := input.(*linear.Timed[move]), now.(alone)
			var next []any
			if it.To == Never {
				next = append(next, a)
			}
			far, ok := a.far, true
			if it.Step.number > 0 {
				far, ok = advance(far, it.Step)
			}
			if !ok {
				return next
			}
			var after []state
			if it.Step.havoc {
				after = anything([]state{a.state})
			} else {
				after = it.Step.step.apply(a.state, nil)
			}
			for _, s := range settle(after, free) {
				next = append(next, alone{s, far})
			}
			return next
		},
	}
	var ops []porcupine.Operation
	for i := range moves {
		ops = append(ops, porcupine.Operation{Input: &moves[i], Call: moves[i].From, Return: moves[i].To})
	}
	if porcupine.CheckOperations(m.ToModel(), ops) {
		return linear.OK
	}
	return linear.Illegal
}

// guesses are calls and results, of which some fit and some do not.
var guesses = []struct {
	op      string
	results []string
}{
	{"define", []string{"true"}},
	{"undefine", []string{"0", "transient domain: cannot undefine transient domain"}},
	{"start", []string{"0", "already running", "process exited while connecting to monitor"}},
	{"createxml", []string{"true", "is already active"}},
	{"destroy", []string{"0", "domain is not running"}},
	{"suspend", []string{"0", "domain is not running", "unable to write to monitor"}},
	{"resume", []string{"0", "already running", "timed out"}},
	{"dump", []string{"0", "domain is not running"}},
	{"managedsave", []string{"0", "managed save for transient domain"}},
	{"save", []string{"0", "is already active", "guest unexpectedly quit"}},
	{"msremove", []string{"0", "failed to remove managed save file"}},
	{"snapshot", []string{"0", "something else"}},
	{"attach", []string{"0"}},
	{"detach", []string{"0"}},
	{"shutdown", []string{"0", "domain is not running"}},
	{"kill9", []string{"7"}},
	{"abort", []string{"0", "no job is active on the domain", "cannot abort memory-only dump"}},
	{"info", []string{"1", "3", "5"}},
	{"info", []string{"1", "3", "5"}},
	{"state", []string{"[1,1]", "[3,1]", "[5,2]", "[5,0]"}},
	{"jobinfo", []string{"0", "2"}},
	{"setmem", []string{"0", "domain is not running"}},
	{"lookup", []string{"true", "gone"}},
	{"migrate", []string{"0"}},
}

// guess is a history of one domain by some clients. Each call is tried with its results in a random
// order, and keeps the first that porcupine can explain along with all before it, or in a corrupted
// history any.
func guess(random *rand.Rand) []*Call {
	clients := 1 + random.IntN(3)
	free := make([]int64, clients)
	var calls []*Call
	for range 2 + random.IntN(5) {
		k := random.IntN(clients)
		g := guesses[random.IntN(len(guesses))]
		c := &Call{Client: string(rune('a' + k)), Op: g.op, Domain: "vm", From: free[k] + random.Int64N(6)}
		c.To = c.From + random.Int64N(12)
		if free[k] = c.To + 1; random.IntN(25) == 0 {
			c.To = Never
		}
		order := random.Perm(len(g.results))
		for n, i := range order {
			c.Err, c.Result = nil, parseResult([]byte(g.results[i]))
			if len(c.Result.numbers) == 0 && g.results[i] != "true" {
				c.Err = &Error{internalError, 10, g.results[i]}
				if g.results[i] == "gone" {
					c.Err.Code = noDomain
				}
			}
			moves, _ := movesOf(append(slices.Clone(calls), c), false)
			if n == len(order)-1 || random.IntN(4) == 0 || plainly(moves, false) == linear.OK {
				break
			}
		}
		calls = append(calls, c)
	}
	return calls
}

// Whatever is done to keep the search small, the verdict is porcupine's, which goes through single
// states.
func TestAgreesWithPorcupine(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 3))
	seen := map[linear.Verdict]int{}
	for n := range 80 {
		calls := guess(random)
		a := assumptions[n%len(assumptions)]
		moves, _ := movesOf(calls, a.Redefined)
		want := plainly(moves, a.Guest)
		got := newTier(a, Options{}).check(t.Context(), "vm", calls)
		seen[want]++
		if got.Verdict != want {
			for _, c := range calls {
				t.Log(c.Client, c.From, c.To, c)
			}
			t.Fatalf("history %d: %v, and porcupine says %v", n, got.Verdict, want)
		}
	}
	if t.Log(seen); seen[linear.OK] < 30 || seen[linear.Illegal] < 10 {
		t.Error("the histories are not of both kinds")
	}
}
