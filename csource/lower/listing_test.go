package lower_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/csource/lower"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios/smalltest"
)

var listed = flag.String("listing", "", "a pattern: print what the small programs whose names match become")

// TestListings keeps what each small program becomes, to the last node, position and text: of a
// program its size and a digest, of what is refused all that is said. With -update it is written
// anew, and -listing PATTERN prints the programs themselves.
func TestListings(t *testing.T) {
	all, err := smalltest.Read("../../scenarios/testdata/programs")
	if err != nil {
		t.Fatal(err)
	}
	var only *regexp.Regexp
	if *listed != "" {
		only = regexp.MustCompile(*listed)
	}
	var b strings.Builder
	for _, s := range all {
		p, err := lowered(t, &s)
		fmt.Fprintf(&b, "%s: %s\n", s.Name, summary(t, p, err))
		if only == nil || !only.MatchString(s.Name) || err != nil {
			continue
		}
		text, err := json.MarshalIndent(p, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s\n%s", s.Name, text)
	}
	golden(t, "testdata/listings.golden", b.String())
}

// golden holds a text against a file, or writes it there.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-update writes it anew): %s", file, diff)
	}
}

// lowered builds a small program, with the values that are reached where it has no end of them.
func lowered(t *testing.T, s *smalltest.Program) (*model.Program, error) {
	t.Helper()
	parser := syntax.NewParser(t.Context(), syntax.Options{})
	f := parser.Parse(syntax.Source{Name: "t.c", Text: []byte(s.Source)})
	if err := parser.Diagnostics().Err(); err != nil {
		return nil, err
	}
	u, err := lower.NewUnit(t.Context(), []*syntax.File{f})
	if err != nil {
		return nil, err
	}
	faults := lower.Faults{
		PosixSpurious: !slices.Contains(s.Faults, "no-spurious-wakeup"), SpuriousWakeup: slices.Contains(s.Faults, "spurious-wakeup"),
		WaitTimeout: slices.Contains(s.Faults, "wait-timeout"), AllocFailure: slices.Contains(s.Faults, "alloc-failure"),
	}
	var threads []lower.Thread
	for i, text := range s.Threads {
		pos := model.Pos{File: "threads", Line: i + 1, Col: 1}
		name, args, _ := strings.Cut(strings.TrimSuffix(text, ")"), "(")
		x := lower.Thread{Pos: pos, Function: name, Faults: faults}
		for a := range strings.SplitSeq(args, ",") {
			if a = strings.TrimSpace(a); a != "" {
				x.Args = append(x.Args, lower.Arg{Pos: pos, Text: a})
			}
		}
		threads = append(threads, x)
	}
	p, err := u.Program(t.Context(), threads, lower.Options{})
	if err == nil {
		p, _, err = search.Close(t.Context(), p, search.Options{MaxStates: 20000})
	}
	return p, err
}

// summary is a program in one line, or an error in several.
func summary(t *testing.T, p *model.Program, err error) string {
	t.Helper()
	if err != nil {
		return "refused\n  " + strings.ReplaceAll(err.Error(), "\n", "\n  ")
	}
	var b bytes.Buffer
	source := p.Source
	p.Source = nil
	if err := json.NewEncoder(&b).Encode(p); err != nil {
		t.Fatal(err)
	}
	p.Source = source
	nodes := 0
	for i := range p.Threads {
		nodes += len(p.Threads[i].Nodes)
	}
	open := ""
	if source != nil {
		open = ", open"
	}
	digest := sha256.Sum256(b.Bytes())
	return fmt.Sprintf("%d threads, %d nodes, %d variables, %d objects%s, %x",
		len(p.Threads), nodes, len(p.Vars), len(p.Objects), open, digest[:6])
}
