using System.Diagnostics;

namespace Demo.Services;

/// <summary>A service in a process of its own, which can be killed and started again.</summary>
internal sealed class ServiceProcess(string project, IReadOnlyDictionary<string, string> environment, string logFolder) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(3);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ServiceLog _log = new(Path.Combine(logFolder, project + ".log"));
    private Process? _process;

    public string Name { get; } = project;

    public Uri Url { get; } = new($"http://127.0.0.1:{FreePort.Find()}");

    public string LogPath => _log.Path;

    public void Start()
    {
        var assembly = ServiceFiles.Assembly(Name);
        var start = new ProcessStartInfo(ServiceFiles.DotNet())
        {
            ArgumentList = { assembly },
            WorkingDirectory = Path.GetDirectoryName(assembly),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Urls"] = Url.GetLeftPart(UriPartial.Authority);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _log.Write(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Write(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends the process at once, without a chance to finish anything (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }

    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var since = Stopwatch.StartNew();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process?.HasExited != false)
            {
                throw new DemoException($"{Name} ended while it was starting. Its log: {LogPath}");
            }

            if (since.Elapsed > ReadyTimeout)
            {
                throw new DemoException($"{Name} is not ready after {ReadyTimeout.TotalSeconds:0} s. Its log: {LogPath}");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        _log.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(Url, "health/ready"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
