using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Outbox.Embedded.Tests.Kafka;

namespace Outbox.Embedded.Tests.Servers;

/// <summary>The command outbox-servers in a process of its own, as a terminal starts it.</summary>
internal sealed class ServersProcess : IDisposable
{
    private const int SigInt = 2;
    private readonly Process _process;

    private ServersProcess(Process process) => _process = process;

    public static ServersProcess Start(params string[] arguments)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Outbox.Servers.dll"), .. arguments];

        // A shell that runs these tests in the background has its children ignore Ctrl-C; a terminal does not.
        command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", .. command] : command;
        return new ServersProcess(Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>What it says until it serves.</summary>
    public async Task<IReadOnlyList<string>> ServingAsync()
    {
        using var limit = new CancellationTokenSource(Clients.Patience);
        var said = new List<string>();
        while (said is not [.., "Serving until Ctrl-C."])
        {
            said.Add(await _process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException(await _process.StandardError.ReadToEndAsync(limit.Token)));
        }

        return said;
    }

    public void PressCtrlC() => Assert.Equal(0, SendSignal(_process.Id, SigInt));

    /// <summary>How it ended, and what it had to say.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndedAsync()
    {
        using var limit = new CancellationTokenSource(Clients.Patience);
        var output = _process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = _process.StandardError.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
