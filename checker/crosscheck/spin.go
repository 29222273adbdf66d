package crosscheck

import (
	"context"
	"fmt"
	"math"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// The depths to which SPIN searches: it is asked again, deeper, until its stack was deep enough.
const (
	firstDepth = 100_000
	lastDepth  = 1_000_000_000
)

// runSPIN generates a verifier, compiles it and lets it search everything: errors do not stop it
// (-c0), and -n keeps it from listing what was not reached. Nothing is approximated: states are
// stored in full.
func runSPIN(ctx context.Context, w *workshop, pl *plan, opt *RunOptions) (*Outcome, error) {
	opt.Export.Reducible = opt.Export.Reducible || opt.Reduce
	m, err := newPromela(pl, opt.Export)
	if err != nil {
		return nil, err
	}
	text, err := m.render()
	if err != nil {
		return nil, err
	}
	const file = "model.pml"
	if err := w.write(file, text); err != nil {
		return nil, err
	}
	generate, err := w.build(ctx, "spin", "-o1", "-o2", "-o3", "-a", file)
	if err != nil {
		return nil, err
	}
	compiler, flags := "cc", []string{"-O2", "-w", "-DSAFETY"}
	slots := "-w22" // 2^22 of 8 bytes in the hash table
	if opt.Quick {
		compiler, flags[0], slots = quickCompiler(), "-O0", "-w18"
	}
	if !opt.Reduce {
		flags = append(flags, "-DNOREDUCE")
	}
	if opt.MaxMemory > 0 {
		flags = append(flags, fmt.Sprintf("-DMEMLIM=%d", max(1, opt.MaxMemory>>20)))
	}
	compile, err := w.build(ctx, compiler, append(flags, "-o", "pan", "pan.c")...)
	if err != nil {
		return nil, err
	}
	for depth := firstDepth; ; depth *= 10 {
		out, _, took, err := w.run(ctx, "./pan", "-c0", "-n", slots, "-m"+strconv.Itoa(depth))
		if err != nil {
			return nil, fmt.Errorf("crosscheck: pan: %w", err)
		}
		o, err := readPan(out)
		if err != nil {
			return nil, err
		}
		if o.Limit == depthLimit && depth < lastDepth {
			continue
		}
		o.States -= m.extra
		o.Comparable = o.Comparable && !opt.Reduce
		o.Build, o.Elapsed = generate+compile, took
		return o, nil
	}
}

// quickCompiler is tcc where it is installed. For a model of some hundred states it is the compiler
// that takes the time, and tcc takes a fortieth of gcc's.
func quickCompiler() string {
	if _, err := exec.LookPath("tcc"); err == nil {
		return "tcc"
	}
	return "cc"
}

const depthLimit = "depth"

var (
	panStates    = regexp.MustCompile(`(?m)^\s*([0-9.e+]+) states, stored`)
	panAssertion = regexp.MustCompile(`assertion violated[ (]*(\d+)\)*&&`)
)

// readPan understands the output of SPIN's verifier. It prints the number of states with eight
// digits: beyond 99,999,999 it is not exact.
func readPan(out string) (*Outcome, error) {
	o := &Outcome{Engine: SPIN, Output: out, Decides: []model.Verdict{model.OK, model.Deadlock, model.Violation}}
	m := panStates.FindStringSubmatch(out)
	if m == nil {
		return nil, fmt.Errorf("crosscheck: pan printed no number of states: %s", firstLines(out, 5))
	}
	states, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return nil, fmt.Errorf("crosscheck: pan printed %q for the number of states", m[1])
	}
	o.States, o.Comparable = int64(math.Round(states)), states < 1e8
	switch {
	case strings.Contains(out, "max search depth too small"):
		o.Limit = depthLimit
	case strings.Contains(out, "out of memory") || strings.Contains(out, "memory bound") ||
		strings.Contains(out, "Search not completed"):
		o.Limit = string(model.MemoryLimit)
	}
	found := map[model.Kind]bool{}
	for _, m := range panAssertion.FindAllStringSubmatch(out, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || n > len(numbered) {
			return nil, fmt.Errorf("crosscheck: pan reports an unknown assertion: %s", m[0])
		}
		found[numbered[n-1]] = true
	}
	o.Deadlock = strings.Contains(out, "invalid end state (at depth")
	o.settle(found, false)
	return o, nil
}

// NonProgress asks SPIN whether there is an infinite run, fair to each process that can go on all
// the time, in which none of the threads of [Options.Progress] completes anything.
func NonProgress(ctx context.Context, p *model.Program, opt Options) (bool, error) {
	if err := Available(SPIN, RunOptions{}); err != nil {
		return false, err
	}
	pl, err := newPlan(p)
	if err != nil {
		return false, err
	}
	m, err := newPromela(pl, opt)
	if err != nil {
		return false, err
	}
	text, err := m.render()
	if err != nil {
		return false, err
	}
	w, err := newWorkshop("spin")
	if err != nil {
		return false, err
	}
	defer w.close()
	const file = "model.pml"
	if err := w.write(file, text); err != nil {
		return false, err
	}
	if _, err := w.build(ctx, "spin", "-o1", "-o2", "-o3", "-a", file); err != nil {
		return false, err
	}
	flags := []string{"-O0", "-w", "-DNP", "-DNOREDUCE", "-DNFAIR=3", "-o", "pan", "pan.c"}
	if _, err := w.build(ctx, quickCompiler(), flags...); err != nil {
		return false, err
	}
	out, _, _, err := w.run(ctx, "./pan", "-l", "-f", "-E", "-n", "-w18", "-m"+strconv.Itoa(firstDepth))
	switch {
	case err != nil:
		return false, fmt.Errorf("crosscheck: pan: %w", err)
	case strings.Contains(out, "non-progress cycle (at depth"):
		return true, nil
	case strings.Contains(out, "max search depth too small") || strings.Contains(out, "out of memory"):
		return false, fmt.Errorf("crosscheck: pan did not get done: %s", firstLines(out, 5))
	case strings.Contains(out, "errors: 0"):
		return false, nil
	}
	return false, fmt.Errorf("crosscheck: pan found something else: %s", firstLines(out, 5))
}
