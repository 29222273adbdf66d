package crosscheck

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/checker/explore"
	"github.com/lockproof/lockproof/model"
)

// runTLC lets TLC search everything and note what it finds. Partial deadlocks are decided afterwards, from the graph that it leaves behind.
//
// TLC looks up a host's name to find out whether it may report statistics. It is told not to, in a home directory of its own.
func runTLC(ctx context.Context, pl *plan, opt *RunOptions) (*Outcome, error) {
	jar, err := filepath.Abs(opt.jar())
	if err != nil {
		return nil, err
	}
	name := opt.Export.module()
	home := filepath.Join(opt.Dir, "home")
	if err := os.MkdirAll(filepath.Join(home, ".tlaplus"), 0o755); err != nil {
		return nil, err
	}
	text := func(s string) func(*os.File) error {
		return func(f *os.File) error { _, err := f.WriteString(s); return err }
	}
	for _, file := range []struct {
		name  string
		write func(*os.File) error
	}{
		{"home/.tlaplus/esc.txt", text("NO_STATISTICS\n")},
		{name + ".tla", func(f *os.File) error { return pl.tla(f, opt.Export) }},
		{name + ".cfg", text(observeConfig)},
	} {
		if err := create(opt.Dir, file.name, file.write); err != nil {
			return nil, err
		}
	}
	const graph = "graph.dot"
	args := []string{"-Duser.home=" + home, "-Djava.io.tmpdir=" + opt.Dir}
	if opt.Quick {
		args = append(args, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
	} else {
		args = append(args, "-XX:+UseParallelGC")
	}
	if opt.MaxMemory > 0 {
		args = append(args, fmt.Sprintf("-Xmx%dm", max(32, opt.MaxMemory>>20)))
	}
	args = append(args, "-cp", jar, "tlc2.TLC", "-workers", strconv.Itoa(max(1, opt.Workers)), "-noGenerateSpecTE", "-metadir", "states")
	if !opt.NoGraph {
		args = append(args, "-dump", "dot", graph)
	}
	out, code, took, err := command(ctx, opt.Dir, "java", append(args, name)...)
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("crosscheck: java: %w", err)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
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
			if stuck, err = pl.stuck(filepath.Join(opt.Dir, graph)); err != nil {
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
		o.Limit, o.Comparable = string(explore.Memory), false
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
