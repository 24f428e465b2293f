using Outbox.Cli.Answers;

namespace Outbox.Cli.Calls;

/// <summary>What a command has from the process that it runs in.</summary>
/// <param name="Screen">Where it writes.</param>
/// <param name="Environment">Its variables.</param>
/// <param name="Time">Its clock, for waiting and measuring; times of documents are the server's.</param>
internal sealed record Surroundings(Screen Screen, Func<string, string?> Environment, TimeProvider Time)
{
    public static Surroundings OfProcess() => new(Screen.OfProcess(), System.Environment.GetEnvironmentVariable, TimeProvider.System);
}
