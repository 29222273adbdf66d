package scenarios_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// oracleKinds maps the kinds of the hand-written models to ours.
var oracleKinds = map[string]model.Kind{
	"unlock_driver": model.BadUnlock, "nojob": model.NoJob, "uaf": model.UseAfterRelease, "endleak": model.RefCount,
}

// TestOracle holds every configuration on which SPIN and TLC agree against the machine, reductions
// off: verdict and kind, reachable states, transitions, depth, deadlocks, stuck states, error
// states, and the length of the shortest counterexample.
func TestOracle(t *testing.T) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range oracleRows(t) {
		t.Run(row["id"], func(t *testing.T) {
			sc, err := scenarios.Find(t.Context(), suites, row["scenario"])
			if err != nil {
				t.Fatal(err)
			}
			p, err := sc[0].Program(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, workers := range []int{1, 3} {
				r, err := search.Search(t.Context(), p, search.Options{Workers: workers})
				if err != nil {
					t.Fatal(err)
				}
				compareWithOracle(t, row, r)
			}
			compareOrbits(t, row, p)
		})
	}
}

// compareOrbits holds the number of states under symmetry against TLC's, where that was measured:
// the number of orbits.
func compareOrbits(t *testing.T, row map[string]string, p *model.Program) {
	t.Helper()
	if row["sym_states"] == "-" {
		return
	}
	r, err := search.Search(t.Context(), p, search.Options{Reduce: search.Reduction{Symmetry: true}})
	if err != nil {
		t.Fatal(err)
	}
	if got := strconv.FormatInt(r.Stats.States, 10); got != row["sym_states"] {
		t.Errorf("states under symmetry: %s, want %s", got, row["sym_states"])
	}
}

func compareWithOracle(t *testing.T, row map[string]string, r *search.Result) {
	t.Helper()
	verdict, kind, _ := strings.Cut(row["verdict"], ":")
	if verdict == "assertion" {
		verdict = string(model.Violation)
		if r.Kind != oracleKinds[kind] {
			t.Errorf("kind %s, want %s", r.Kind, oracleKinds[kind])
		}
	}
	if string(r.Verdict) != verdict {
		t.Errorf("verdict %s, want %s", r.Verdict, verdict)
	}
	same := func(what string, got int64) {
		if want := row[what]; want != "-" && strconv.FormatInt(got, 10) != want {
			t.Errorf("%s: %d, want %s", what, got, want)
		}
	}
	same("states", r.Stats.States)
	same("transitions", r.Stats.Transitions)
	same("depth", int64(r.Stats.Depth))
	if verdict != string(model.Violation) {
		same("deadlock_states", r.Stats.Deadlocks)
		same("stuck_states", r.Stats.Stuck)
	}
	errors := int64(0)
	for _, n := range r.Stats.Errors {
		errors += n
	}
	if _, n, ok := strings.Cut(row["error_states"], ":"); ok && kind != "endleak" {
		if want, _ := strconv.ParseInt(n, 10, 64); errors != want {
			t.Errorf("error states: %d, want %d", errors, want)
		}
	}
	shortest := row["shortest_deadlock"]
	switch verdict {
	case string(model.PartialDeadlock):
		shortest = row["shortest_stuck"]
	case string(model.Violation):
		_, shortest, _ = strings.Cut(row["shortest_error"], ":")
	case string(model.OK):
		return
	}
	if got := strconv.Itoa(len(r.Findings[0].Trace.Steps)); got != shortest {
		t.Errorf("shortest counterexample: %s steps, want %s", got, shortest)
	}
}

func oracleRows(t *testing.T) []map[string]string {
	t.Helper()
	f, err := os.Open("testdata/oracle.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var header []string
	var rows []map[string]string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		cells := strings.Split(sc.Text(), "\t")
		if header == nil {
			header = cells
			continue
		}
		row := map[string]string{}
		for i, name := range header {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	if len(rows) != 58 {
		t.Fatalf("%d rows, want 58", len(rows))
	}
	return rows
}
