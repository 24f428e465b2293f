using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Outbox.Examples.Tests.GettingStarted;

/// <summary>A service of docs/getting-started.md in a process of its own, as its reader runs it.</summary>
internal sealed class StartedService : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly HttpClient _http = new();

    private StartedService(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
    }

    public static async Task<StartedService> StartAsync(string name, string mongoDb, string kafka)
    {
        var folder = Repository.PathOf("examples", "GettingStarted", name);
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "bin", Configuration, "net10.0", $"{name}.dll")]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["Urls"] = "http://127.0.0.1:0";
        start.Environment["Outbox__MongoDb__Connection"] = mongoDb;
        start.Environment["Outbox__Kafka__BootstrapServers"] = kafka;
        var service = new StartedService(Process.Start(start)!);
        service._http.BaseAddress = await service._listening.Task.WaitAsync(Patience);
        return service;
    }

    public async Task<T> PostAsync<T>(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>())!;
    }

    /// <summary>Asks until what comes with a message is there.</summary>
    public async Task<T> GetWhenThereAsync<T>(string path)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            using var answer = await _http.GetAsync(path, limit.Token);
            if (answer.StatusCode != HttpStatusCode.NotFound)
            {
                return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(limit.Token))!;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _http.Dispose();
    }

    /// <summary>That of this test: both are built at once.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private void Read(string? line)
    {
        const string Listening = "Now listening on: ";
        if (line is null)
        {
            _listening.TrySetException(new InvalidOperationException("The service ended before it listened; what it said is above."));
        }
        else if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            _listening.TrySetResult(new Uri(line[(at + Listening.Length)..]));
        }
    }
}
