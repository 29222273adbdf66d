package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Facts are what is known of an input that somebody might send: what the answer must say of it, and
// what it must not say.
type facts struct {
	Format  string           `json:"format"`
	Exit    int              `json:"exit"`
	Cause   string           `json:"cause"`
	Domains []string         `json:"domains"`
	Holders []map[string]any `json:"holders"`
	Waiters []map[string]any `json:"waiters"`

	Complete   []string `json:"complete"` // which of the two lists have nothing else
	Rules      []string `json:"rules"`
	MustNot    []string `json:"must_not"` // causes and rules that would be false alarms
	CannotTell []string `json:"cannot_tell"`
}

// TestReports runs history on what people send when libvirtd hangs, and compares the answer with
// the facts of each case.
func TestReports(t *testing.T) {
	cases, err := filepath.Glob("testdata/reports/*/facts.json")
	if err != nil || len(cases) < 18 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, file := range cases {
		folder := filepath.Dir(file)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var f facts
			dec := json.NewDecoder(bytes.NewReader(text))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&f); err != nil {
				t.Fatal(err)
			}
			for _, d := range compareFacts(t, inputOf(t, folder), &f) {
				t.Error(d)
			}
		})
	}
}

func inputOf(t *testing.T, folder string) string {
	t.Helper()
	for _, name := range []string{"input.log", "backtrace.txt"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			return filepath.Join(folder, name)
		}
	}
	t.Fatalf("%s has no input", folder)
	return ""
}

// asked is the answer of history about some files, as JSON.
func asked(t testing.TB, files ...string) (answer map[string]any, code int, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), append(append([]string{"history"}, files...), "--format", "json"), &out, &errs)
	if code != exitInput {
		if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
			t.Fatalf("%v\n%s", err, &errs)
		}
	}
	return answer, code, errs.String()
}

// compareFacts lists how an answer differs from the facts.
func compareFacts(t testing.TB, file string, f *facts) (wrong []string) {
	t.Helper()
	answer, code, stderr := asked(t, file)
	differ := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if code != f.Exit {
		differ("exit code %d, want %d\n%s", code, f.Exit, stderr)
	}
	if answer == nil {
		if stderr == "" || strings.Count(stderr, "\n") > 3 {
			differ("a refusal without a short message: %q", stderr)
		}
		return wrong
	}
	d := answer["diagnosis"].(map[string]any)
	for key, want := range map[string]string{"format": f.Format, "cause": f.Cause} {
		if d[key] != want {
			differ("%s %v, want %s", key, d[key], want)
		}
	}
	said := append([]string{d["cause"].(string)}, stringsOf(d["rules"])...)
	for _, x := range answer["findings"].([]any) {
		said = append(said, x.(map[string]any)["rule"].(string))
	}
	for _, w := range f.MustNot {
		if slices.Contains(said, w) {
			differ("false alarm %s", w)
		}
	}
	for key, want := range map[string][]string{"rules": f.Rules, "domains": f.Domains, "cannot_tell": f.CannotTell} {
		for _, w := range want {
			if !slices.Contains(stringsOf(d[key]), w) {
				differ("%s lacks %s: %v", key, w, d[key])
			}
		}
	}
	wrong = append(wrong, compareEntries("holders", f.Holders, d["holders"], f.Complete)...)
	return append(wrong, compareEntries("waiters", f.Waiters, d["waiters"], f.Complete)...)
}

func stringsOf(v any) (out []string) {
	list, _ := v.([]any)
	for _, x := range list {
		out = append(out, x.(string))
	}
	return out
}

// compareEntries looks for an answer that agrees with each of those wanted, on all of its keys.
func compareEntries(kind string, wanted []map[string]any, answered any, complete []string) (wrong []string) {
	if wanted == nil {
		return nil
	}
	list, _ := answered.([]any)
	for _, want := range wanted {
		best := []string{"there is none"}
		for i, x := range list {
			var bad []string
			for key, w := range want {
				if got := x.(map[string]any)[key]; !agree(key, w, got) {
					bad = append(bad, fmt.Sprintf("%s is %v, want %v", key, got, w))
				}
			}
			if i == 0 || len(bad) < len(best) {
				best = bad
			}
		}
		if len(best) > 0 {
			wrong = append(wrong, fmt.Sprintf("%s %v: %s", kind, want, strings.Join(best, ", ")))
		}
	}
	if (slices.Contains(complete, kind) || len(wanted) == 0) && len(list) > len(wanted) {
		wrong = append(wrong, fmt.Sprintf("%d %s, want %d", len(list), kind, len(wanted)))
	}
	return wrong
}

var callPrefix = regexp.MustCompile(`^(remoteDispatch|remote|vir|qemu)([A-Z])`)

// agree compares one value. null means that there is none, or that it cannot be told.
func agree(key string, want, got any) bool {
	if want == nil {
		return got == nil || got == "" || got == "none"
	}
	w, isText := want.(string)
	g, gotText := got.(string)
	switch {
	case key == "since":
		return sameTime(want, got)
	case key == "api" && isText:
		plain := func(s string) string { return strings.TrimSuffix(callPrefix.ReplaceAllString(s, "$2"), "Helper") }
		return gotText && plain(w) == plain(g)
	case key == "for" && isText:
		x, y := strings.Split(w, "+"), strings.Split(g, "+")
		slices.Sort(x)
		slices.Sort(y)
		return slices.Equal(x, y)
	}
	return want == got
}

var sinceRE = regexp.MustCompile(`^(?:(\d{4})-|--)(\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?$`)

// sameTime compares what the wanted time has: its year or its offset may be left out.
func sameTime(want, got any) bool {
	if w, ok := want.(float64); ok {
		g, ok := got.(float64)
		return ok && math.Abs(w-g) <= 1.5
	}
	w, g := sinceRE.FindStringSubmatch(fmt.Sprint(want)), sinceRE.FindStringSubmatch(fmt.Sprint(got))
	if w == nil || g == nil || w[3] != "" && g[3] == "" || w[1] != "" && g[1] == "" {
		return false
	}
	at := func(m []string) time.Time {
		year, zone := "2000", "Z"
		if w[1] != "" {
			year = m[1]
		}
		if w[3] != "" {
			zone = m[3]
		}
		x, err := time.Parse(time.RFC3339Nano, year+"-"+m[2]+zone)
		if err != nil {
			return time.Unix(0, 0).Add(time.Duration(len(m[2])) * time.Hour)
		}
		return x
	}
	return math.Abs(at(w).Sub(at(g)).Seconds()) <= 1.5
}

// The comparison must be able to fail.
func TestFactsCanDiffer(t *testing.T) {
	file := "testdata/reports/05-query-holds-query/input.log"
	n := len(compareFacts(t, file, &facts{
		Format: "journal", Exit: 0, Cause: "long-job", Domains: []string{"other"}, Rules: []string{"job-leak"}, MustNot: []string{"qemu-silent"},
		Holders: []map[string]any{{"thread": 1.0}, {"since": "2031-04-07T09:00:20.000+00:00"}}, Waiters: []map[string]any{}, CannotTell: []string{"year"},
	}))
	if n != 10 {
		t.Errorf("%d differences, want 10", n)
	}
	for want, got := range map[any]any{"2031-04-07T09:00:12.0": "2031-04-07T09:00:12.000+00:00", "--04-07T09:00:12": "2031-04-07T09:00:13", -412.0: -411.0} {
		if !sameTime(want, got) {
			t.Errorf("%v is not %v", want, got)
		}
	}
	for want, got := range map[any]any{"2031-04-07T09:00:12+00:00": "2031-04-07T09:00:12", "2031-04-07T09:00:12": "--04-07T09:00:12", 1.0: "1", "--04-07T09:00:12": "--04-07T09:00:14"} {
		if sameTime(want, got) {
			t.Errorf("%v is %v", want, got)
		}
	}
	if s := strconv.Quote(fmt.Sprint(agree("for", "job+agent", "agent+job"), agree("api", "remoteDispatchDomainX", "virDomainX"), agree("job", nil, "query"))); s != `"true true false"` {
		t.Error(s)
	}
}
