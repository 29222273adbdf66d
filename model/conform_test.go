package model_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/model/modeltest"
)

// TestConform explores random programs with the machine and with the reference, side by side.
func TestConform(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		modeltest.Conform(t, modeltest.Programs().Draw(t, "program"), modeltest.Options{States: 300})
	})
}

// TestConformMemory does so with programs that allocate memory, some of which loses it.
func TestConformMemory(t *testing.T) {
	lost := 0
	rapid.Check(t, func(t *rapid.T) {
		if s := modeltest.Conform(t, modeltest.Allocating().Draw(t, "program"), modeltest.Options{States: 100}); s.Lost > 0 {
			lost++
		}
	})
	if lost < 5 {
		t.Errorf("%d programs lose memory", lost)
	}
}

// TestConformCases does so with the small programs that are each about one thing.
func TestConformCases(t *testing.T) {
	for _, c := range modeltest.Cases() {
		t.Run(c.Name, func(t *testing.T) { modeltest.Conform(t, c.Program, modeltest.Options{States: 3000}) })
	}
}

// TestConformFixed does so with the same programs every time, and checks that they are of all
// kinds: a property that nothing tries is none.
func TestConformFixed(t *testing.T) {
	programs := modeltest.Programs()
	seen := map[string]int{}
	for seed := range fixedPrograms {
		s := modeltest.Conform(t, programs.Example(seed), modeltest.Options{States: 300})
		count(seen, s)
	}
	for what, least := range map[string]int{
		"2 words": 20, "3 words": 5, "wider": 5,
		"complete": 200, "over 100 states": 30, "terminates": 100, "cyclic": 60,
		"started": 15, "exited": 15, "movers": 100, "exchanges": 50, "leaks": 8, "frees": 10, "rounds": 100,
	} {
		if seen[what] < least {
			t.Errorf("%d programs with %s, fewer than %d", seen[what], what, least)
		}
	}
	for op := model.OpFinish; op <= model.OpFork; op++ {
		if seen[op.String()] < 3 {
			t.Errorf("%d programs with %s", seen[op.String()], op)
		}
	}
	for _, label := range []model.Label{model.TimedOut, model.Stolen, model.Spuriously} {
		if seen[label.String()] < 2 {
			t.Errorf("%d programs in which a thread %s", seen[label.String()], label)
		}
	}
	for _, kind := range []model.Kind{
		model.AssertKind, model.RequiresKind, model.BadUnlock, model.JobUnbalanced, model.MissingLock, model.SelfDeadlock, model.UseAfterRelease,
	} {
		if seen[string(kind)] < 2 {
			t.Errorf("%d programs with %s", seen[string(kind)], kind)
		}
	}
	t.Log(seen)
}

const fixedPrograms = 300

// count enters what was seen of a program.
func count(seen map[string]int, s modeltest.Summary) {
	note := func(what string, yes bool) {
		if yes {
			seen[what]++
		}
	}
	note("2 words", s.Words == 2)
	note("3 words", s.Words == 3)
	note("wider", s.Words > 3)
	note("complete", s.Complete)
	note("over 100 states", s.States > 100)
	note("terminates", s.Terminates)
	note("cyclic", s.Cyclic)
	note("started", s.Started > 0)
	note("exited", s.Exited > 0)
	note("movers", s.Movers > 0)
	note("exchanges", s.Exchanges > 0)
	note("leaks", s.Leaks > 0)
	note("frees", s.Frees > 0)
	note("rounds", s.Rounds > 0)
	for op := range s.Ops {
		seen[op.String()]++
	}
	for label := range s.Labels {
		seen[label.String()]++
	}
	for kind := range s.Failed {
		seen[string(kind)]++
	}
}
