package mutate

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"

	"github.com/lockproof/lockproof/model"
)

// A comparison is of two programs: do they behave alike?
type comparison struct {
	Alike  bool        `json:"alike"`
	States int64       `json:"states"` // of both
	Limit  model.Limit `json:"limit,omitempty"`
	Apart  *Difference `json:"apart,omitempty"` // nil where they are alike, or that is not known
}

// compare decides whether two programs behave alike: to those who keep to the locks, see
// sameToOthers, or strictly, which is to be strongly bisimilar. Then there is a relation between
// their states, the initial ones included, such that related states look alike, and each step of
// one is a step of the other that leads to related states again. States look alike when all locks,
// variables and sleepers are, and each thread's next operation, and what it holds; steps when the
// thread, what is read and woken, and the check that fails are the same. Who is strictly alike is
// alike to those who keep to the locks. Where they are not alike it tells the shortest run after
// which a strict look shows that.
//
// The classes of states that are alike are found by refinement: states that look alike are in one
// class, and a class is divided as long as some of its states have a step into another class than
// others have. Time: rounds times steps; memory: rounds times states.
func compare(ctx context.Context, p, q *model.Program, strictly bool, maxStates int64) (comparison, error) {
	names := &interned{}
	var graphs [2]*graph
	for i, program := range []*model.Program{p, q} {
		explore, err := model.ByWidth[func(context.Context, *model.Program, *interned, int64) (*graph, model.Limit, error)]{
			One:     explored[[1]uint64],
			Two:     explored[[2]uint64],
			Three:   explored[[3]uint64],
			Four:    explored[[4]uint64],
			Six:     explored[[6]uint64],
			Eight:   explored[[8]uint64],
			Sixteen: explored[[16]uint64],
		}.Of(program)
		if err != nil {
			return comparison{}, err
		}
		g, limit, err := explore(ctx, program, names, maxStates)
		if err != nil || limit != model.NoLimit {
			return comparison{Limit: limit}, err
		}
		graphs[i] = g
	}
	c := comparison{States: int64(len(graphs[0].steps) + len(graphs[1].steps))}
	if !strictly {
		c.Alike, c.Limit = sameToOthers(ctx, graphs)
		if c.Alike || c.Limit != model.NoLimit {
			return c, nil
		}
	}
	last, rounds, limit := refine(ctx, graphs)
	if limit != model.NoLimit {
		c.Limit = limit
		return c, nil
	}
	if slices.Equal(classesOf(last[0], graphs[0].starts), classesOf(last[1], graphs[1].starts)) {
		c.Alike = true
		return c, nil
	}
	if rounds != nil {
		c.Apart = apart(graphs, rounds)
	}
	return c, nil
}

// maxKept bounds the classes that are kept of all rounds: four bytes each.
const maxKept = 32 << 20

// refine finds the classes of states: after round k, those from which k steps show no difference.
// The last round divides nothing more. Where there are too many rounds to keep them, only the last
// is.
func refine(ctx context.Context, graphs [2]*graph) (last [2][]int32, rounds [][2][]int32, limit model.Limit) {
	last = [2][]int32{graphs[0].looks, graphs[1].looks}
	rounds = append(rounds, last)
	count, size := classes(last), len(graphs[0].steps)+len(graphs[1].steps)
	for kept := size; ; kept += size {
		if limit := model.Stopped(ctx); limit != model.NoLimit {
			return last, nil, limit
		}
		names := interned{}
		var next [2][]int32
		for i, g := range graphs {
			next[i] = make([]int32, len(g.steps))
			for s := range g.steps {
				next[i][s] = names.of(signature(last[i], int32(s), g.steps[s]))
			}
		}
		if kept > maxKept {
			rounds = nil
		} else {
			rounds = append(rounds, next)
		}
		last = next
		if len(names.ids) == count {
			return last, rounds, model.NoLimit
		}
		count = len(names.ids)
	}
}

func classes(c [2][]int32) int {
	seen := map[int32]bool{}
	for _, part := range c {
		for _, x := range part {
			seen[x] = true
		}
	}
	return len(seen)
}

// signature is the class of a state with those that its steps lead to.
func signature(class []int32, s int32, steps []step) []byte {
	keys := make([]uint64, 0, len(steps))
	for _, x := range steps {
		keys = append(keys, uint64(x.what)<<32|uint64(class[x.to]))
	}
	slices.Sort(keys)
	b := binary.AppendUvarint(nil, uint64(class[s]))
	for _, k := range slices.Compact(keys) {
		b = binary.AppendUvarint(b, k)
	}
	return b
}

// classesOf are those of some states, ascending, each once.
func classesOf(class, states []int32) []int32 {
	var all []int32
	for _, s := range states {
		all = append(all, class[s])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// apart finds a run after which two programs are not alike: the first step that goes to states
// which fewer steps tell apart, again and again.
func apart(graphs [2]*graph, rounds [][2][]int32) *Difference {
	last := rounds[len(rounds)-1]
	at := [2]int32{graphs[0].starts[0], graphs[1].starts[0]}
	var schedule model.Schedule
	if n := slices.IndexFunc(graphs[0].starts, func(s int32) bool {
		return !slices.Contains(classesOf(last[1], graphs[1].starts), last[0][s])
	}); n >= 0 {
		at[0] = graphs[0].starts[n]
		if n > 0 {
			schedule = append(schedule, model.Pick{Thread: -1, Choice: n})
		}
	}
	for {
		k := slices.IndexFunc(rounds, func(r [2][]int32) bool { return r[0][at[0]] != r[1][at[1]] })
		if k <= 0 {
			return told(graphs, at, schedule)
		}
		x, y, found := odd(graphs, rounds[k-1], at)
		if !found {
			return told(graphs, at, schedule)
		}
		schedule = append(schedule, graphs[0].pick(at[0], x))
		at = [2]int32{graphs[0].steps[at[0]][x].to, graphs[1].steps[at[1]][y].to}
	}
}

// odd finds a step of one state that no step of the other matches, and one of the other that looks
// the same at least.
func odd(graphs [2]*graph, class [2][]int32, at [2]int32) (x, y int, found bool) {
	for side := range 2 {
		mine, theirs := graphs[side].steps[at[side]], graphs[1-side].steps[at[1-side]]
		for i, s := range mine {
			same, like := false, -1
			for k, t := range theirs {
				if t.what == s.what {
					like = k
					same = same || class[side][s.to] == class[1-side][t.to]
				}
			}
			if !same && like >= 0 {
				if side == 1 {
					return like, i, true
				}
				return i, like, true
			}
		}
	}
	return 0, 0, false
}

// told says how two states differ: in what they look like, or in a step that only one has.
func told(graphs [2]*graph, at [2]int32, schedule model.Schedule) *Difference {
	d := &Difference{Schedule: schedule.String(), Steps: len(schedule)}
	if len(schedule) > 0 && schedule[0].Thread < 0 {
		d.Steps--
	}
	a, b := graphs[0].describe(at[0]), graphs[1].describe(at[1])
	if d.Original, d.Mutant = firstNot(a, b), firstNot(b, a); d.Original+d.Mutant != "" {
		d.Original, d.Mutant = cmp.Or(d.Original, absent), cmp.Or(d.Mutant, absent)
		return d
	}
	d.Original, d.Mutant = only(graphs, at, 0), only(graphs, at, 1)
	d.Original, d.Mutant = cmp.Or(d.Original, absent), cmp.Or(d.Mutant, absent)
	return d
}

// absent is what only the other has.
const absent = "not so"

// firstNot is the first line of one description that the other has not; "" where it has all.
func firstNot(a, b []string) string {
	for _, line := range a {
		if !slices.Contains(b, line) {
			return line
		}
	}
	return ""
}

// only tells of a step of one state that looks like none of the other; "" where there is none.
func only(graphs [2]*graph, at [2]int32, side int) string {
	for _, s := range graphs[side].steps[at[side]] {
		if !slices.ContainsFunc(graphs[1-side].steps[at[1-side]], func(t step) bool { return t.what == s.what }) {
			return graphs[side].tell(s)
		}
	}
	return ""
}

// interned numbers texts.
type interned struct{ ids map[string]int32 }

func (n *interned) of(text []byte) int32 {
	if n.ids == nil {
		n.ids = map[string]int32{}
	}
	id, ok := n.ids[string(text)]
	if !ok {
		id = int32(len(n.ids))
		n.ids[string(text)] = id
	}
	return id
}
