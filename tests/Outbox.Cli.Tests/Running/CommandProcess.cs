using System.Diagnostics;
using Outbox.Cli.Answers;

namespace Outbox.Cli.Tests.Running;

/// <summary>Runs the program that users run.</summary>
internal static class CommandProcess
{
    public static async Task<CommandRun> OfAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Outbox.Cli.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (data, words) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CommandRun((ExitCode)process.ExitCode, await data, await words);
    }
}
