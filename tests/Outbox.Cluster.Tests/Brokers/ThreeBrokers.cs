using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Outbox.Cluster.Tests.Brokers;

/// <summary>
/// Three real brokers that may be hurt, started by the script that OUTBOX_TEST_KAFKA_SCRIPT names: <c>start DIR --port N --brokers 3 --acls</c>, <c>kill DIR N</c>, <c>revive DIR N</c>,
/// <c>stop DIR</c>, <c>acls …</c>, with the process ids in <c>DIR/N.pid</c>.
/// </summary>
public sealed class ThreeBrokers : IAsyncLifetime
{
    public const string Variable = "OUTBOX_TEST_KAFKA_SCRIPT";
    private const int SigCont = 18;
    private const int SigStop = 19;
    private readonly string? _script = Environment.GetEnvironmentVariable(Variable);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"outbox-cluster-{Guid.NewGuid():N}");
    private readonly Lazy<Task> _started;
    private int _port;

    public ThreeBrokers() => _started = new(StartAsync);

    public static IReadOnlyList<int> Ids { get; } = [1, 2, 3];

    public string Servers => string.Join(',', Ids.Select(id => $"127.0.0.1:{_port + id - 1}"));

    /// <summary>Where users log in, as <c>app</c> with <c>app-secret</c>, who may do nothing until it is granted.</summary>
    public string SecuredServers => string.Join(',', Ids.Select(id => $"127.0.0.1:{_port + 200 + id - 1}"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts the cluster at its first use, or skips the test.</summary>
    public async Task UseAsync()
    {
        Assert.SkipWhen(
            string.IsNullOrEmpty(_script),
            $"A cluster of three brokers that may be killed is needed: {Variable} names the script that starts one (docs/operating.md says what it must do).");
        await _started.Value;
        await ClusterState.HealedAsync(Servers);
    }

    public Task KillAsync(int id) => RunAsync("kill", _folder, $"{id}");

    /// <summary>Starts a broker again and waits until all that are meant to run are in sync.</summary>
    public async Task ReviveAsync(params int[] ids)
    {
        // The script waits for all of a cluster's brokers, which is too much where two are dead; what counts is asked for below.
        await Task.WhenAll(ids.Select(id => RunAsync("revive", false, _folder, $"{id}")));
        await ClusterState.HealedAsync(Servers);
    }

    public void Pause(int id) => Signal(id, SigStop);

    public void Continue(int id) => Signal(id, SigCont);

    public Task GrantAsync(params string[] rights) => RightsAsync(["--add", "--allow-principal", "User:app", .. rights]);

    public Task DenyAsync(params string[] rights) => RightsAsync(["--add", "--deny-principal", "User:app", .. rights]);

    public Task AllowAgainAsync(params string[] rights) => RightsAsync(["--remove", "--force", "--deny-principal", "User:app", .. rights]);

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated)
        {
            foreach (var id in Ids)
            {
                Signal(id, SigCont, mustRun: false);
            }

            await RunAsync("stop", false, _folder);
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task StartAsync()
    {
        _port = FreePorts();
        await RunAsync("start", _folder, "--port", $"{_port}", "--brokers", "3", "--acls");
    }

    private void Signal(int id, int signal, bool mustRun = true)
    {
        var result = SendSignal(int.Parse(File.ReadAllText(Path.Combine(_folder, $"{id}.pid"))), signal);
        Assert.True(result == 0 || !mustRun, $"Broker {id} does not run.");
    }

    private Task RightsAsync(params string[] arguments) => RunAsync(["acls", "--bootstrap-server", Servers, .. arguments]);

    private Task RunAsync(params string[] arguments) => RunAsync(arguments[0], true, arguments[1..]);

    private async Task RunAsync(string verb, bool mustWork, params string[] arguments)
    {
        var start = new ProcessStartInfo(_script!, [verb, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KAFKA_HEAP"] = "384m";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 || !mustWork, $"{_script} {verb} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await errors}");
    }

    /// <summary>Ports for brokers, their controllers, and their listeners with log-in.</summary>
    private static int FreePorts() => Enumerable.Range(0, 200).Select(n => 21_000 + (((Environment.ProcessId * 7) + n) % 200 * 20))
        .First(port => Ids.SelectMany(id => new[] { port, port + 100, port + 200 }.Select(first => first + id - 1)).All(IsFree));

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
