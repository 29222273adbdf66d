package linear

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/driver"
)

// What a reader may hold by itself is much: names of more than a megabyte, in one piece of a
// history.
func TestBoundsOfReading(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"history":1}` + "\n")
	const calls = 1200
	for i := range calls {
		fmt.Fprintf(&b, `{"call":"info","domain":"%s%d","client":"c","from":1}`+"\n", strings.Repeat("v", 1000), i)
	}
	b.WriteString(`{"cut":5}` + "\n" + `{"end":5,"complete":false}` + "\n")
	r := NewReader("f", strings.NewReader(b.String()))
	if h, err := r.Next(); err != nil || len(h.Operations) != calls {
		t.Errorf("%d calls, %v", len(h.Operations), err)
	}
	if r.mostRecords != 1<<20 {
		t.Errorf("%d records between two cuts", r.mostRecords)
	}
}

// A mistake is told once.
func TestOneProblemForOneMistake(t *testing.T) {
	for text, want := range map[string]string{
		`{"history":"1"}`: "f:1:12: history is a whole number",
		`{"history":2}`:   "f:1:12: version 2 of the format is not known, only 1",
	} {
		if got, _, _ := strings.Cut(problemsOf(t, NewReader("f", strings.NewReader(text+"\n"))), "\n"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if got := problemsOf(t, NewReader("f", strings.NewReader(text+"\n"+`{"end":0,"complete":true}`+"\n"))); strings.Count(got, "version") > strings.Count(want, "version") {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// What is wrong between a call and its job is said of each way in which they do not fit.
func TestCallsAndTheirJobs(t *testing.T) {
	for name, c := range map[string]struct {
		code    driver.Code
		kind    JobType
		refused bool
		want    string
	}{
		"as it should be":              {driver.OK, Query, false, ""},
		"given up":                     {driver.JobTimeout, Query, true, ""},
		"given up without a refusal":   {driver.JobTimeout, Query, false, "query(vm1) = job-timeout though no job was refused"},
		"given up without a job":       {driver.JobTimeout, noJob, false, "query(vm1) = job-timeout though no job was refused"},
		"done in spite of the refusal": {driver.OK, Query, true, "query(vm1) = shutoff though its job was refused"},
		"done without a job":           {driver.OK, noJob, false, "query(vm1) = shutoff without a job"},
		"another job":                  {driver.OK, Modify, false, "query(vm1) = shutoff under a modify job"},
		"nothing there to work on":     {driver.NoDomain, noJob, false, ""},
	} {
		h := History{
			Operations: []Operation{
				{Client: "a", Call: driver.Call{Op: driver.OpQuery, Domain: "vm1"}, From: 5, To: 9, Code: c.code},
				{Client: "b", Call: driver.Call{Op: driver.OpQuery, Domain: "vm2"}, From: 5, To: 9},
			},
			// Without any job nobody has recorded them.
			Jobs: []Job{{Client: "b", Domain: "vm2", Object: 1, Type: Query, Asked: 6, Begun: 7, Ended: 8}},
		}
		if c.kind != noJob {
			h.Jobs = append(h.Jobs, Job{Client: "a", Domain: "vm1", Object: 1, Type: c.kind, Asked: 6, Begun: 7, Ended: 8, Refused: c.refused})
		}
		got := ""
		for _, b := range breaches(h) {
			got += b.Text
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// noJob is no type of a job.
const noJob JobType = 99
