package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/scenarios"
)

var updateDocs = flag.Bool("update", false, "write the tables of docs/suites.md")

const suitesDoc = "../../docs/suites.md"

// The tables of docs/suites.md are those of the code.
func TestSuitesDoc(t *testing.T) {
	text, err := os.ReadFile(suitesDoc)
	if err != nil {
		t.Fatal(err)
	}
	got := string(text)
	for name, table := range map[string]string{"keys": keyTables(t), "faults": faultTable(), "kinds": kindTexts(t)} {
		part := regexp.MustCompile(`(?s)<!-- ` + name + ` -->\n.*?<!-- end -->`)
		if !part.MatchString(got) {
			t.Fatalf("no part %s", name)
		}
		got = part.ReplaceAllLiteralString(got, "<!-- "+name+" -->\n"+table+"<!-- end -->")
	}
	switch {
	case got == string(text):
	case *updateDocs:
		if err := os.WriteFile(suitesDoc, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("docs/suites.md is not what the code says: go test ./cmd/lockproof -run TestSuitesDoc -update")
	}
}

// keyTables are the keys of the JSON Schema, which are those that the reader takes.
func keyTables(t *testing.T) string {
	t.Helper()
	type schema struct {
		Properties  map[string]*schema
		Required    []string
		Description string
		Enum        []string
		Items       *schema
		OneOf       []*schema
	}
	var suite schema
	if err := json.Unmarshal(scenarios.Schema(), &suite); err != nil {
		t.Fatal(err)
	}
	scenario := suite.Properties["scenarios"].Items
	var thread *schema
	for _, s := range scenario.Properties["threads"].Items.OneOf {
		if s.Properties != nil {
			thread = s
		}
	}
	var b strings.Builder
	for _, x := range []struct {
		title string
		s     *schema
		order string
	}{
		{"a suite", &suite, "suite title protocol sources source tree own order races leaks cover scenarios"},
		{"a scenario", scenario, "name threads faults rules races leaks fairness liveness expect why"},
		{"a thread", thread, "run count loop faults"},
	} {
		fmt.Fprintf(&b, "\n| key of %s | |\n|---|---|\n", x.title)
		order := strings.Fields(x.order)
		if len(order) != len(x.s.Properties) {
			t.Errorf("%s has %d keys, and %d are told of", x.title, len(x.s.Properties), len(order))
		}
		for _, key := range order {
			p := x.s.Properties[key]
			if p == nil {
				t.Fatalf("%s has no key %s", x.title, key)
			}
			text := p.Description
			for _, r := range x.s.Required {
				if r == key {
					text += "; required"
				}
			}
			fmt.Fprintf(&b, "| `%s` | %s |\n", key, text)
		}
	}
	return b.String() + "\n"
}

func faultTable() string {
	var names []string
	for _, f := range scenarios.Faults() {
		names = append(names, "`"+string(f)+"`")
	}
	return "All of them: " + strings.Join(names, ", ") + ".\n"
}

func kindTexts(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, k := range model.Kinds() {
		e, ok := model.Explain(string(k))
		l, err := scenarios.LessonOf(string(k))
		if !ok || err != nil || l == nil {
			t.Fatalf("%s is not explained: %v", k, err)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s. %s\n\n```c\n%s```\n\n`lockproof check bad.c %s` finds it.\n", k, e.Title, e.Help, l.Bad, reports.ShellLine(l.Question.Args()...))
	}
	return b.String() + "\n"
}

// Each suite in docs/suites.md gives the verdicts that it says, and all keys, faults and verdicts
// are in one of them.
func TestSuitesDocExamples(t *testing.T) {
	text, err := os.ReadFile(suitesDoc)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	all := ""
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	for _, b := range blocks {
		all += b[1]
		if err := os.WriteFile("s.yaml", []byte(b[1]), 0o644); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{"verify", "s.yaml"}, &stdout, &stderr); code != exitOK {
			t.Errorf("exit code %d\n%s%s%s", code, b[1], stdout.String(), stderr.String())
		}
	}
	words := []string{"suite:", "title:", "protocol:", "source:", "order:", "races:", "leaks:", "cover:", "scenarios:", "threads:", "rules:", "why:", "run:", "count:", "loop"}
	for _, f := range scenarios.Faults() {
		words = append(words, "faults: ["+string(f)+"]")
	}
	for _, v := range []model.Verdict{model.OK, model.Violation, model.Deadlock, model.PartialDeadlock} {
		words = append(words, "expect: "+string(v))
	}
	for _, w := range words {
		if !strings.Contains(all, w) {
			t.Errorf("no example has %s", w)
		}
	}
}
