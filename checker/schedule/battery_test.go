package schedule_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lockproof/lockproof/checker/linear"
	"github.com/lockproof/lockproof/checker/schedule"
)

var update = flag.Bool("update", false, "write the golden file")

// The driver passes the battery, each drill in all interleavings and with every history explained.
// How many classes of interleavings a drill has is pinned: a changed number is a changed driver, or
// a changed reduction.
func TestBattery(t *testing.T) {
	const golden = "testdata/battery.golden"
	drills := schedule.Battery()
	lines := make([]string, len(drills))
	t.Run("drills", func(t *testing.T) {
		for i, d := range drills {
			t.Run(fmt.Sprint(i+1), func(t *testing.T) {
				t.Parallel()
				p, err := d.Program(linear.NewJudge(linear.Options{}).Run)
				if err != nil {
					t.Fatal(err)
				}
				r, err := schedule.Search(t.Context(), p, d.Options())
				if err != nil || r.Failure != nil || !r.Complete {
					t.Fatalf("%s: %s: %v, %v, complete %v", d.Why, d.Threads, err, r.Failure, r.Complete)
				}
				lines[i] = fmt.Sprintf("%d %s %s: %s\n", r.Runs, d.Threads, d.Starts, d.Why)
			})
		}
	})
	got := strings.Join(lines, "")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

// No two drills are the same, and each says what it is for.
func TestBatteryHasNoRepetitions(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range schedule.Battery() {
		key := fmt.Sprint(d.Threads, d.Starts, d.Faults)
		if seen[key] || seen[d.Why] || d.Why == "" {
			t.Errorf("%s: %s", d.Why, d.Threads)
		}
		seen[key], seen[d.Why] = true, true
	}
}

// Drills that are drawn can be run, and the driver passes them.
func TestDrawnDrills(t *testing.T) {
	for seed := range uint64(60) {
		d := schedule.DrawDrill(seed)
		p, err := d.Program(linear.NewJudge(linear.Options{}).Run)
		if err != nil {
			t.Fatal(err)
		}
		o := d.Options()
		o.Strategy, o.Schedules, o.Seed = schedule.Random, 100, seed
		r, err := schedule.Search(t.Context(), p, o)
		if err != nil || r.Failure != nil {
			t.Errorf("%s: %s %s: %v %v", d.Why, d.Threads, d.Starts, err, r.Failure)
		}
	}
}
