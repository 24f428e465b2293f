using System.Diagnostics;
using Outbox.Cli.Answers;

namespace Outbox.Cli.Tests.Running;

/// <summary>Runs the program that users run.</summary>
internal static class CommandProcess
{
    public static async Task<CommandRun> OfAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        using var process = Start(environment, arguments);
        var (data, words) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CommandRun((ExitCode)process.ExitCode, await data, await words);
    }

    /// <summary>Starts it, and kills it in the middle of what it does.</summary>
    /// <param name="environment">Its environment.</param>
    /// <param name="middle">Ends when it has begun, and is not done.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task KillAsync(IReadOnlyDictionary<string, string> environment, Task middle, params IReadOnlyList<string> arguments)
    {
        using var process = Start(environment, arguments);
        await Task.WhenAny(middle, process.WaitForExitAsync());
        Assert.False(process.HasExited, process.HasExited ? await process.StandardError.ReadToEndAsync() : "");
        await middle;
        process.Kill();
        await process.WaitForExitAsync();
    }

    private static Process Start(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Outbox.Cli.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
