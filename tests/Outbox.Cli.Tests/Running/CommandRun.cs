using Outbox.Cli.Answers;
using Outbox.Cli.Calls;

namespace Outbox.Cli.Tests.Running;

/// <summary>How a command line ended, run in this process.</summary>
internal sealed record CommandRun(ExitCode Code, string Out, string Error)
{
    public static Task<CommandRun> OfAsync(params IReadOnlyList<string> arguments) => OfAsync(new Dictionary<string, string>(), arguments);

    public static Task<CommandRun> OfAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments) => OfAsync(environment, CancellationToken.None, arguments);

    public static Task<CommandRun> OfAsync(IReadOnlyDictionary<string, string> environment, CancellationToken cancellation, IReadOnlyList<string> arguments) =>
        OfAsync(environment, new StringWriter(), cancellation, arguments);

    /// <param name="environment">Its environment.</param>
    /// <param name="words">What it says to a person goes there.</param>
    /// <param name="cancellation">Ends it, as Ctrl-C does.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task<CommandRun> OfAsync(IReadOnlyDictionary<string, string> environment, StringWriter words, CancellationToken cancellation, IReadOnlyList<string> arguments)
    {
        var data = new StringWriter();
        var surroundings = new Surroundings(new Screen(data, words), environment.GetValueOrDefault, TimeProvider.System);
        var code = await new OutboxCommand(surroundings).RunAsync(arguments, cancellation);
        return new CommandRun((ExitCode)code, data.ToString(), words.ToString());
    }

    public override string ToString() => $"{Code}\n{Out}\n{Error}";
}
