package scenarios_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// TestBugs holds the library against the list of libvirt's bugs that need two threads, or a
// callback: each stands there as it was, which is a finding, and as it was repaired, which is ok.
// Whether that is so is for the tests of the search.
func TestBugs(t *testing.T) {
	text, err := os.ReadFile("testdata/bugs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if id, _, _ := strings.Cut(line, "\t"); id != "id" {
			listed[id] = true
		}
	}
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^((?:lv|d)[0-9]+)-.*-(before|after)$`)
	found := map[string][]string{}
	for _, s := range suites {
		for _, sc := range s.Scenarios {
			m := name.FindStringSubmatch(sc.Name)
			if m == nil {
				continue
			}
			if ok := sc.Expect.Verdict == model.OK; ok != (m[2] == "after") {
				t.Errorf("%s is expected to be %s", sc, sc.Expect)
			}
			other := strings.TrimSuffix(sc.Name, m[2]) + map[string]string{"before": "after", "after": "before"}[m[2]]
			if !slices.ContainsFunc(s.Scenarios, func(x *scenarios.Scenario) bool { return x.Name == other }) {
				t.Errorf("%s has no %s", sc, other)
			}
			if !listed[m[1]] {
				t.Errorf("%s is about no bug of the list", sc)
			}
			found[m[1]] = append(found[m[1]], sc.Name)
		}
	}
	for id := range listed {
		if len(found[id]) == 0 {
			t.Errorf("no scenario is about %s", id)
		}
	}
}
