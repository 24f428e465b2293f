using Spectre.Console;

namespace Outbox.Cli.Answers;

/// <summary>Where the command writes: data to one writer, words to the other.</summary>
/// <param name="Out">For data.</param>
/// <param name="Error">For words.</param>
internal sealed record Screen(TextWriter Out, TextWriter Error)
{
    private const int WidthOfFiles = 400;

    /// <summary>Whether data goes to a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether words go to a terminal, on which progress can be shown.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether colours are not wanted: <c>NO_COLOR</c>.</summary>
    public bool IsPlain { get; init; }

    public static Screen OfProcess() => new(Console.Out, Console.Error)
    {
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        IsPlain = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 },
    };

    public IAnsiConsole DataConsole() => Make(Out, OutIsTerminal);

    public IAnsiConsole WordConsole() => Make(Error, ErrorIsTerminal);

    private IAnsiConsole Make(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal && !IsPlain ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && !IsPlain ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = WidthOfFiles;
        }

        return console;
    }
}
