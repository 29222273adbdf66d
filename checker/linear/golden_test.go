package linear

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHistoriesGolden keeps what is said of random histories, good and bad ones, of calls and of
// jobs: the verdicts, how many windows and situations that took, what is blamed, and how the
// history is written. With go test -update it is written anew.
func TestHistoriesGolden(t *testing.T) {
	var b strings.Builder
	for seed := range uint64(250) {
		random := rand.New(rand.NewPCG(seed, 77))
		h := makeHistory(random)
		if seed%5 == 4 {
			h = makeJobs(random)
		}
		c := NewChecker(Options{})
		if seed%3 == 0 {
			c.bounds.small = 4 // as if there were more windows
		}
		c.Add(t.Context(), h)
		r := c.Finish(t.Context(), seed%2 == 0)
		fmt.Fprintf(&b, "%d: %d calls, %d jobs, %d refused, %v\n", seed, r.Operations, r.JobCount, r.Refused, r.Verdict())
		for _, y := range []*Layer{&r.API, &r.Jobs} {
			fmt.Fprintf(&b, "  %v, %d objects, %d steps, %d windows, %d again, %d at most\n",
				y.Verdict, y.Objects, y.Steps, y.Windows, y.Again, y.Widest)
			for _, v := range y.Violations {
				fmt.Fprintf(&b, "  %s %d before %v:", v.Domain, v.Object, v.Before)
				for _, s := range v.Steps {
					fmt.Fprintf(&b, " [%d %d] %s;", s.From, s.To, s)
				}
				b.WriteString("\n")
			}
		}
		for _, x := range r.Breaches {
			fmt.Fprintf(&b, "  %+v\n", x)
		}
		waits := sha256.Sum256(fmt.Append(nil, r.Waits))
		fmt.Fprintf(&b, "  waits %x", waits[:6])
		var file bytes.Buffer
		w, err := NewWriter(&file, Header{Seed: seed})
		if err == nil {
			err = w.Write(h)
		}
		if err != nil {
			t.Fatal(err)
		}
		digest := sha256.Sum256(file.Bytes())
		fmt.Fprintf(&b, ", written %x\n", digest[:6])
	}
	const name = "testdata/histories.golden"
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("%s (-update writes it anew): %s", name, diff)
	}
}
