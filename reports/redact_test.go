package reports_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/reports"
)

// What is private is gone from a report, wherever it stands, and what is libvirt's stays.
func TestRedact(t *testing.T) {
	secret := []string{"bank-db", "ops", "10.1.2.3", "52:54:00:aa:bb:cc", "00000000-0000-4000-8000-00000000000c", "/srv/vm", "disk7", "fe80::1"}
	text := "bank-db on 10.1.2.3 (fe80::1, 52:54:00:aa:bb:cc, 00000000-0000-4000-8000-00000000000c) cannot open /srv/vm/x: 'disk7' in line 12, bank-db2"
	at := []reports.InputAt{{File: "/home/ops/bank-db.log", Line: 3}}
	r := reports.NewReport("test")
	r.AddDiagnosis(&reports.Diagnosis{
		Inputs: []string{"/home/ops/bank-db.log"}, Domains: []string{"bank-db"}, Cause: "reconnect", Next: []string{"virsh domjobinfo bank-db"},
		Why: []reports.Claim{{Text: text, Lines: at}}, Notes: []reports.Claim{{Text: text, Lines: at}},
		Holders: []reports.Holder{{Domain: "bank-db", Job: "query", Thread: 12, API: "init-bank-db", Lines: at}},
		Waiters: []reports.Waiter{{Domain: "bank-db", API: "remoteDispatchDomainGetInfo", Lines: at}},
	})
	r.Findings = []reports.Finding{{Rule: model.JobLeak, File: at[0].File, Line: 3, Message: text, Path: []reports.Place{{File: at[0].File, Message: text}}}}
	reports.Redact(r)
	out, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range secret {
		if left := strings.ReplaceAll(string(out), "bank-db2", ""); strings.Contains(left, s) {
			t.Errorf("%s is in\n%s", s, out)
		}
	}
	for _, s := range []string{"domain-1", "input-1", "query", "remoteDispatchDomainGetInfo", "init-domain-1", "in line 12", "virsh domjobinfo domain-1"} {
		if !strings.Contains(string(out), s) {
			t.Errorf("%s is not in\n%s", s, out)
		}
	}
}
