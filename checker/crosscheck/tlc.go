package crosscheck

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// runTLC lets TLC search everything and note what it finds. Partial deadlocks are decided
// afterwards, from the graph that it leaves behind.
//
// TLC looks up a host's name to find out whether it may report statistics. It is told not to, in a
// home directory of its own.
func runTLC(ctx context.Context, w *workshop, pl *plan, opt *RunOptions) (*Outcome, error) {
	jar, err := filepath.Abs(opt.jar())
	if err != nil {
		return nil, err
	}
	text, err := pl.tla(opt.Export)
	if err != nil {
		return nil, err
	}
	name := ModuleName(opt.Export)
	for _, file := range [][2]string{
		{filepath.Join("home", ".tlaplus", "esc.txt"), "NO_STATISTICS\n"},
		{name + ".tla", text},
		{name + ".cfg", observeConfig},
	} {
		if err := w.write(file[0], file[1]); err != nil {
			return nil, err
		}
	}
	const graph = "graph.dot"
	args := []string{"-Duser.home=" + w.home(), "-Djava.io.tmpdir=" + w.temp()}
	if opt.Quick {
		args = append(args, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
	} else {
		args = append(args, "-XX:+UseParallelGC")
	}
	if opt.MaxMemory > 0 {
		args = append(args, fmt.Sprintf("-Xmx%dm", max(32, opt.MaxMemory>>20)))
	}
	args = append(args, "-cp", jar, "tlc2.TLC", "-workers", strconv.Itoa(max(1, opt.Workers)), "-noGenerateSpecTE",
		"-metadir", "states")
	if !opt.NoGraph {
		args = append(args, "-dump", "dot", graph)
	}
	out, code, took, err := w.run(ctx, "java", append(args, name)...)
	if err != nil {
		return nil, fmt.Errorf("crosscheck: java: %w", err)
	}
	o, found, err := readTLC(out, code)
	if err != nil {
		return nil, err
	}
	o.Elapsed = took
	stuck := false
	if !opt.NoGraph && o.Limit == "" {
		o.Decides = append(o.Decides, model.PartialDeadlock)
		if len(found) == 0 && !o.Deadlock {
			if stuck, err = pl.stuck(ctx, filepath.Join(w.dir, graph)); err != nil {
				return nil, err
			}
		}
	}
	o.settle(found, stuck)
	return o, nil
}

var (
	tlcStates = regexp.MustCompile(`(?m)^[\d,]+ states generated, ([\d,]+) distinct states found, 0 states left on queue`)
	tlcNote   = regexp.MustCompile(`<<"lockproof", "([a-z-]+)">>`)
)

// readTLC understands what TLC prints.
func readTLC(out string, code int) (*Outcome, map[model.Kind]bool, error) {
	o := &Outcome{
		Engine: TLC, Output: out, Comparable: true, Decides: []model.Verdict{model.OK, model.Deadlock, model.Violation},
	}
	found := map[model.Kind]bool{}
	for _, m := range tlcNote.FindAllStringSubmatch(out, -1) {
		switch kind := model.Kind(m[1]); {
		case m[1] == string(model.Deadlock):
			o.Deadlock = true
		case number(kind) > 0:
			found[kind] = true
		default:
			return o, found, fmt.Errorf("crosscheck: TLC reports an unknown kind %q", kind)
		}
	}
	m := tlcStates.FindStringSubmatch(out)
	if strings.Contains(out, "OutOfMemoryError") {
		o.Limit, o.Comparable = string(model.MemoryLimit), false
		return o, found, nil
	}
	if m == nil || code != 0 {
		at := max(0, strings.Index(out, "Error:"))
		return o, found, fmt.Errorf("crosscheck: TLC did not finish (exit code %d): %s", code, firstLines(out[at:], 8))
	}
	var err error
	o.States, err = strconv.ParseInt(strings.ReplaceAll(m[1], ",", ""), 10, 64)
	return o, found, err
}
