package trial

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/lockproof/lockproof/cmd/mutants/mutant"
	"github.com/lockproof/lockproof/cmd/mutants/schemata"
)

// A build has many mutants of one package in each of the test binaries that they are put before.
type build struct {
	numbers  map[*mutant.Mutant]int
	binaries map[*suite]string
}

// Together builds the test binaries with all mutants of each package in them, so that Run need not
// build for each. Mutants that change more than bodies of functions are not in them, and are built
// alone as before. Prepare comes first. What is made stands in dir.
func (t *Trials) Together(ctx context.Context, dir string, all []*mutant.Mutant, say func(string)) error {
	t.builds = map[string]*build{}
	of := map[string][]*mutant.Mutant{}
	for _, m := range all {
		of[m.Package] = append(of[m.Package], m)
	}
	for pkg, mutants := range of {
		b, err := t.together(ctx, filepath.Join(dir, strconv.Itoa(len(t.builds))), pkg, mutants)
		if err != nil {
			return err
		}
		t.builds[pkg] = b
		say(fmt.Sprintf("%d of %d mutants of %s are in one build", len(b.numbers), len(mutants), pkg))
	}
	return nil
}

func (t *Trials) together(ctx context.Context, dir, pkg string, mutants []*mutant.Mutant) (*build, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	b := &build{numbers: map[*mutant.Mutant]int{}, binaries: map[*suite]string{}}
	var versions []schemata.Version
	for i, m := range mutants {
		versions = append(versions, schemata.Version{m.Path(): m.Text()})
		b.numbers[m] = i + 1
	}
	overlay, left, err := schemata.Overlay(dir, filepath.Join(t.Dir, pkg), versions)
	if err != nil {
		return nil, err
	}
	for _, i := range left {
		delete(b.numbers, mutants[i])
	}
	for i, s := range t.plans[pkg] {
		binary := filepath.Join(dir, strconv.Itoa(i)+".test")
		cmd := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay="+overlay, "-o", binary, s.path)
		cmd.Dir = t.Dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s with %d mutants: %w: %s", s.path, len(mutants), err,
				strings.TrimSpace(string(out)))
		}
		b.binaries[s] = binary
	}
	return b, nil
}

// binary is the command that runs tests against a mutant that is built together with others, or
// nil.
func (t *Trials) binary(ctx context.Context, part part, m *mutant.Mutant) *exec.Cmd {
	s := part.suite
	b := t.builds[m.Package]
	if b == nil || b.numbers[m] == 0 {
		return nil
	}
	args := []string{"tool", "test2json", "-p", s.path, b.binaries[s], "-test.v=test2json", "-test.failfast"}
	args = append(args, part.choice.args("-test.")...)
	if part.timeout > 0 {
		args = append(args, "-test.timeout="+part.timeout.String())
	}
	cmd := exec.CommandContext(ctx, "go", append(args, s.flags...)...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), schemata.Variable+"="+strconv.Itoa(b.numbers[m]))
	return cmd
}

// answered runs a command that prints test events.
func answered(ctx context.Context, cmd *exec.Cmd) (answer, error) {
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	together(cmd)
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		return answer{}, ctx.Err()
	}
	a := read(out.Bytes())
	if a.verdict == "" || (a.verdict == Survived) != (err == nil) {
		return a, fmt.Errorf("%s: %v: %s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return a, nil
}
