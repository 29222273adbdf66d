package backtrace_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/libvirt/backtrace"
)

func read(t testing.TB, text string) *backtrace.File {
	t.Helper()
	f, err := backtrace.Read(context.Background(), strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// show writes dumps as short as they can be compared.
func show(f *backtrace.File) string {
	var b strings.Builder
	for _, d := range f.Dumps {
		fmt.Fprintf(&b, "dump host=%s process=%s pid=%d core=%v signal=%s version=%s\n", d.Host, d.Process, d.PID, d.Core, d.Signal, d.Version)
		for _, t := range d.Threads {
			fmt.Fprintf(&b, " %d %d %q\n", t.Number, t.LWP, t.Name)
			for _, r := range t.Frames {
				fmt.Fprintf(&b, "  %d %s%v %s%s\n", r.Level, r.Function, r.Args, r.File, r.Library)
			}
		}
		for _, o := range d.Owners {
			fmt.Fprintf(&b, " owner %#x %d\n", o.Mutex, o.LWP)
		}
	}
	return b.String()
}

func TestForms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"gdb": {
			"Thread 12 (Thread 0x7f6b00e20700 (LWP 4321) \"rpc-worker\"):\n" +
				"#0  __lll_lock_wait () at ../nptl/lowlevellock.S:135\n" +
				"#1  0x00007f6b10e09ca6 in _L_lock_840 () from /lib64/libpthread.so.0\n" +
				"#2  0x00007f6b10e09ba8 in __GI___pthread_mutex_lock (mutex=0x7f89e4005e10) at ../nptl/pthread_mutex_lock.c:80\n" +
				"#3  0x00007f6b1632c651 in virDomainObjLock (obj=<optimized out>) at conf/domain_conf.c:14256\n" +
				"#4  0x1 in f.isra.3 (s=0x7f00 \"a, (b) \\\"c=1\", t={a = 1, b = 2}, job=job@entry=QEMU_JOB_QUERY, n=-1, cb=0x55 <virFoo>, v=(virDomainObj *) 0x7f89)\n" +
				"#5  <signal handler called>\n#6  0x00007f in ?? ()\n",
			"dump host= process= pid=0 core=false signal= version=\n 12 4321 \"rpc-worker\"\n  0 __lll_lock_wait[] ../nptl/lowlevellock.S:135\n  1 _L_lock_840[] /lib64/libpthread.so.0\n" +
				"  2 __pthread_mutex_lock[{mutex 0x7f89e4005e10}] ../nptl/pthread_mutex_lock.c:80\n  3 virDomainObjLock[{obj }] conf/domain_conf.c:14256\n" +
				"  4 f[{s 0x7f00} {t } {job QEMU_JOB_QUERY} {n -1} {cb 0x55} {v 0x7f89}] \n  5 <signal handler called>[] \n  6 [] \n",
		},
		"wrapped": {
			"> Thread 3 (Thread 0x7f8a02ffd700 (LWP\n> 912)):\n> #0  0x00007f7100001000 in\n> virCondWaitUntil (c=c@entry=0x7f89e0011d40,\n> m=m@entry=0x7f89e0012a10) at\n> util/virthread.c:176\n> #1  0x00007f7100002000 in f ()\n>    from /lib/x.so\n> \n> Thread 1 (LWP 905):\n> #0  g () at x.c:1\n",
			"dump host= process= pid=0 core=false signal= version=\n 3 912 \"\"\n  0 virCondWaitUntil[{c 0x7f89e0011d40} {m 0x7f89e0012a10}] util/virthread.c:176\n  1 f[] /lib/x.so\n 1 905 \"\"\n  0 g[] x.c:1\n",
		},
		"html": {
			"<pre>Thread 1 (Thread 0x7f (LWP 7)):<br/>\n#0  0x1 in f (a=&lt;optimized out&gt;, b=0x2 &quot;x&quot;) at y.c:3</pre>\n",
			"dump host= process= pid=0 core=false signal= version=\n 1 7 \"\"\n  0 f[{a } {b 0x2}] y.c:3\n",
		},
		"no hash": {
			"0  0x00007f6600aa7f14 in __lll_lock_wait () from /lib64/libpthread.so.0\n10 0x00000000004526e9 in qemuDomainOpenConsole ()\n",
			"dump host= process= pid=0 core=false signal= version=\n 0 0 \"\"\n  0 __lll_lock_wait[] /lib64/libpthread.so.0\n  10 qemuDomainOpenConsole[] \n",
		},
		"coredumpctl": {
			"           PID: 7706 (libvirtd)\n        Signal: 11 (SEGV)\n       Message: Process 7706 (libvirtd) of user 0 dumped core.\n\n                Stack trace of thread 8971:\n" +
				"                #0  0x00007f3b00be6924 __pthread_mutex_lock (libpthread.so.0 + 0x924)\n                #1  0x00007f3b00d1cb62 n/a (n/a)\n                Stack trace of thread 7706:\n                #0  0x00007f3b00d47bd4 _fini (libssl3.so)\n",
			"dump host= process=libvirtd pid=7706 core=true signal=SEGV version=\n 0 8971 \"\"\n  0 __pthread_mutex_lock[] libpthread.so.0\n  1 [] n/a\n 0 7706 \"\"\n  0 _fini[] libssl3.so\n",
		},
		"syslog": {
			"Apr 07 09:00:12 host systemd-coredump[9]: Process 12 (virtqemud) of user 0 dumped core.#012#012Stack trace of thread 12:#012#0  0x00007f3b00be6924 raise (libc.so.6 + 0x3)\n",
			"dump host= process=virtqemud pid=12 core=true signal= version=\n 0 12 \"\"\n  0 raise[] libc.so.6\n",
		},
		"eu-stack": {
			"PID 990 - process\nTID 990:\n#0  0x00007fa0f2b4c6c2     __poll - /usr/lib64/libc-2.28.so\n#1  0x00007fa0f2b4c6c1 - 1 virEventPollRunOnce\n    /usr/src/util/vireventpoll.c:641:9\nTID 991:\n#0  0x00007fa0f2b4c6c2 x\n#1  0x00007fa0f2b4c6c2 virCondWait - 1\n",
			"dump host= process= pid=990 core=false signal= version=\n 0 990 \"\"\n  0 __poll[] /usr/lib64/libc-2.28.so\n  1 virEventPollRunOnce[] \n 0 991 \"\"\n  0 x[] \n  1 virCondWait[] \n",
		},
		"session": {
			"[root@node-a ~]# gdb -p 12\nlibvirt-1.2.17-13.el7\nAttaching to process 12\n(gdb) thread 3\n[Switching to thread 3 (Thread 0x7f (LWP 912))]#0  0x1 in a () from l\n(gdb) bt\n#0  0x1 in a () from l\n#1  0x2 in virMutexLock (m=0x7f10) at b.c:1\n---Type <return> to continue, or q <return> to quit---#2  0x3 in c () at c.c:1\n" +
				"(gdb) frame 1\n#1  0x2 in virMutexLock (m=0x7f10) at b.c:1\n(gdb) p *m\n$1 = {lock = {__data = {__lock = 2, __count = 0, \n  __owner = 911, __nusers = 1}}}\n(gdb) p ((pthread_mutex_t *) 0x7f89e4005e10)->__data.__owner\n$2 = 77\n(gdb) p *(pthread_mutex_t *) 0x7f20\n$3 = {__data = {__lock = 0, __count = 0, __owner = 5}}\n" +
				"mutex 0x7f30 owner 9\n(gdb) thread 2\n[Switching to thread 2 (Thread 0x7f (LWP 911))]\n#0  0x1 in z ()\n(gdb) bt\n#0  0x1 in z ()\n#1  0x1 in y ()\n",
			"dump host=node-a process= pid=12 core=false signal= version=1.2.17\n 3 912 \"\"\n  0 a[] l\n  1 virMutexLock[{m 0x7f10}] b.c:1\n  2 c[] c.c:1\n 2 911 \"\"\n  0 z[] \n  1 y[] \n" +
				" owner 0x7f10 911\n owner 0x7f89e4005e10 77\n owner 0x7f20 0\n owner 0x7f30 9\n",
		},
		"again": {
			"Mon Apr  7 09:00:12 UTC 2031\nThread 1 (LWP 5):\n#0  0x1 in a ()\nThread 1 (LWP 5):\n#0  0x1 in b ()\n=== host-b ===\nThread 1 (LWP 6):\n#0  0x1 in c ()\n",
			"dump host= process= pid=0 core=false signal= version=\n 1 5 \"\"\n  0 a[] \ndump host= process= pid=0 core=false signal= version=\n 1 5 \"\"\n  0 b[] \ndump host= process= pid=0 core=false signal= version=\n 1 6 \"\"\n  0 c[] \n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := show(read(t, c.text)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	f := read(t, "Thread 2 (LWP 5):\n#0  0x1 in f (a=1, b=0x7f")
	if len(f.Dumps) != 1 || !f.Dumps[0].Threads[0].Cut || f.LastLine == "" {
		t.Errorf("%+v", f)
	}
	if f := read(t, "Thread 2 (LWP 5):\n#0  0x1 in f (a=1)\n"); f.Dumps[0].Threads[0].Cut {
		t.Error("a whole stack is cut")
	}
}

// What is kept does not grow without end.
func TestLimits(t *testing.T) {
	t.Parallel()
	deep := "Thread 1 (LWP 1):\n"
	for i := range 2000 {
		deep += fmt.Sprintf("#%d 0x1 in recurses ()\n", i)
	}
	f := read(t, deep)
	if th := f.Dumps[0].Threads[0]; len(th.Frames) != 512 || th.More != 2000-512 || f.LeftOut != th.More {
		t.Errorf("%d frames, %d more", len(th.Frames), th.More)
	}
	long := "Thread 1 (LWP 1):\n#0  0x1 in f (a=" + strings.Repeat("x", 1<<20) + ")\n#1  0x1 in g ()\n"
	if f := read(t, long); len(f.Dumps[0].Threads) != 1 || f.Lines != 3 || f.Dumps[0].Threads[0].Frames[0].Function != "f" {
		t.Errorf("%s", show(f))
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("../../cmd/lockproof/testdata/reports/*/backtrace.txt")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("[Switching to thread 3 (Thread 0x7f (LWP 912))]#0  0x1 in a () from l\n(gdb) p *m\n$1 = {__owner = 911}\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range read(t, text).Dumps {
			for _, th := range d.Threads {
				if len(th.Frames) == 0 || len(th.Frames) > 512 {
					t.Fatalf("%d frames", len(th.Frames))
				}
				for i := 1; i < len(th.Frames); i++ {
					if th.Frames[i].Level <= th.Frames[i-1].Level {
						t.Fatal("levels do not rise")
					}
				}
			}
		}
	})
}
