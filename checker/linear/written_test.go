package linear

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/driver"
)

// A file is written byte for byte as the comment on Writer says.
func TestWritten(t *testing.T) {
	const want = `{"history":1,"seed":7,"replay":"lockproof stress --seed 7"}
{"call":"query","domain":"vm1","client":"client 1","from":12,"to":40,"code":"ok","state":"running"}
{"call":"define","domain":"vm1","client":"client 2","from":13,"arg":5,"to":41,"code":"exists"}
{"call":"info","domain":"vm1","client":"client 2","from":42,"to":44,"code":"ok","state":"shutoff","memory":5,"persistent":true}
{"call":"died","domain":"vm1","client":"vm1.mon","from":43,"to":45,"code":"ok","persistent":true}
{"call":"long-job","domain":"vm1","client":"client 3","from":46,"arg":2}
{"job":"query","domain":"vm1","object":1,"client":"client 1","asked":14,"begun":15,"ended":38}
{"job":"modify","domain":"vm1","object":1,"client":"client 2","asked":16,"refused":30}
{"job":"modify","domain":"vm1","object":2,"client":"client 3","asked":47}
{"cut":50}
{"end":50,"complete":true}
`
	call := func(op driver.Op) driver.Call { return driver.Call{Op: op, Domain: "vm1"} }
	h := History{
		Operations: []Operation{
			{Client: "client 1", Call: call(driver.OpQuery), From: 12, To: 40, Info: driver.Info{State: driver.Running}},
			{
				Client: "client 2", Call: driver.Call{Op: driver.OpDefine, Domain: "vm1", Arg: 5}, From: 13, To: 41,
				Code: driver.Exists,
			},
			{Client: "client 2", Call: call(driver.OpInfo), From: 42, To: 44, Info: driver.Info{Memory: 5, Persistent: true}},
			{Client: "vm1.mon", Call: call(driver.OpDied), From: 43, To: 45, Info: driver.Info{Persistent: true}},
			{Client: "client 3", Call: driver.Call{Op: driver.OpLongJob, Domain: "vm1", Arg: 2}, From: 46, To: Never},
		},
		Jobs: []Job{
			{Client: "client 1", Domain: "vm1", Object: 1, Type: Query, Asked: 14, Begun: 15, Ended: 38},
			{Client: "client 2", Domain: "vm1", Object: 1, Type: Modify, Asked: 16, Begun: Never, Ended: 30, Refused: true},
			{Client: "client 3", Domain: "vm1", Object: 2, Type: Modify, Asked: 47, Begun: Never, Ended: Never},
		},
		Cut: 50,
	}
	var file bytes.Buffer
	w, err := NewWriter(&file, Header{Seed: 7, Replay: "lockproof stress --seed 7"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(h), w.Close(true)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, file.String()); diff != "" {
		t.Error(diff)
	}
}
