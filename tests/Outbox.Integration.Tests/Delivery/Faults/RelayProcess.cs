using System.Diagnostics;
using System.Runtime.InteropServices;
using Outbox.Integration.Tests.Servers;

namespace Outbox.Integration.Tests.Delivery.Faults;

/// <summary>A relay in a process of its own, which can be killed and stopped in mid-stream.</summary>
internal sealed class RelayProcess : IDisposable
{
    public const string PauseAt = "PAUSE_AT";
    public const string WriteUntil = "WRITE_UNTIL";
    public const string Consume = "CONSUME";
    public const string ConsumeUntil = "CONSUME_UNTIL";
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;
    private readonly Process _process;

    private RelayProcess(Process process) => _process = process;

    public static RelayProcess Start(TestPlace place, TimeSpan lease, params ReadOnlySpan<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Outbox.RelayHost.dll")])
        {
            // What halts must be heard; a pipe that nobody reads would fill and halt the others.
            RedirectStandardInput = true,
            RedirectStandardOutput = settings.ToArray().Any(setting => setting.Name is PauseAt or WriteUntil or ConsumeUntil),
        };
        start.Environment["Outbox__MongoDb__Connection"] = place.MongoDb;
        start.Environment["Outbox__MongoDb__DatabaseName"] = place.Database;
        start.Environment["Outbox__Kafka__BootstrapServers"] = place.Kafka;
        start.Environment["Outbox__LeaseDuration"] = lease.ToString();
        start.Environment["Outbox__QueryDelay"] = "00:00:00.050";
        start.Environment["Outbox__QueryMessageLimit"] = "50";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new RelayProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the process halts at the step that its setting PAUSE_AT, WRITE_UNTIL or CONSUME_UNTIL names.</summary>
    public Task HaltedAsync() => SaysAsync("at");

    /// <summary>Waits for a line of the process.</summary>
    public async Task SaysAsync(string expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var said = new List<string>();
        while (!said.Contains(expected))
        {
            try
            {
                said.Add(await _process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException());
            }
            catch (Exception error) when (error is OperationCanceledException or EndOfStreamException)
            {
                Assert.Fail($"The process {(limit.IsCancellationRequested ? "has not said" : "ended without saying")} '{expected}'. It said: {string.Join('\n', said)}");
            }
        }
    }

    /// <summary>Goes on from the step where it halted.</summary>
    public void GoOn() => _process.StandardInput.WriteLine("go on");

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Pause() => Signal(SigStop);

    public void Continue() => Signal(SigCont);

    public async Task<int> ShutDownAsync()
    {
        Signal(SigTerm);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
