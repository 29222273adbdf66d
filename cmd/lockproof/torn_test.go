package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// Compressed data that is cut off anywhere is told in at most three lines: what can be read of it
// looks like, and what to send instead.
func TestTorn(t *testing.T) {
	t.Parallel()
	line := "2031-04-07 09:01:40.000+0000: 1612: error : virDomainObjBeginJobInternal:466 : Timed out during operation: " +
		"cannot acquire state change lock (held by monitor=remoteDispatchDomainBlockStats)\n"
	noise := make([]byte, 1<<20)
	for i, x := range noise { // text that is not to be compressed much
		x = byte(i*i*i>>7 ^ i*2654435761>>11)
		noise[i] = 'a' + x%26
	}
	pack := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(append([]byte(text), noise...)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	log, other := pack(strings.Repeat(line, 1000)), pack("good morning\n")
	zst := compressed(t, 1, strings.Repeat(line, 1000), string(noise))
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"log.gz":   {log[:len(log)/2], "what can be read of it looks like something of libvirtd"},
		"log.zst":  {zst[:len(zst)-5], "what can be read of it looks like something of libvirtd"},
		"other.gz": {other[:len(other)/2], "what can be read of it does not look like something of libvirtd"},
		"20.gz":    {log[:20], "nothing of it can be read"},
		"5.gz":     {log[:5], "nothing of it can be read"},
		"20.zst":   {zst[:20], "nothing of it can be read"},
	} {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := run(context.Background(), []string{"history", file}, &out, &errs)
		if code != 2 || !strings.Contains(errs.String(), c.want) || !strings.Contains(errs.String(), "send instead: the whole file") ||
			strings.Count(errs.String(), "\n") > 3 || out.Len() > 0 {
			t.Errorf("%s: exit code %d\n%s%s", name, code, errs.String(), out.String())
		}
	}
}
