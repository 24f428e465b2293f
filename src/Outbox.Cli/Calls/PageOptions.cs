using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Operations;

namespace Outbox.Cli.Calls;

/// <summary>Which part of a list.</summary>
internal sealed class PageOptions
{
    public Option<string?> Cursor { get; } = new("--cursor") { Description = "Where the page begins, as the page before said.", HelpName = "cursor" };

    public Option<int> Limit { get; } = new("--limit") { Description = "The most on the page, from 1 to 1,000.", HelpName = "number", DefaultValueFactory = _ => 50 };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(Cursor);
        command.Options.Add(Limit);
    }

    /// <summary>Reads the page.</summary>
    /// <exception cref="CommandException">The limit is out of range, or the cursor is not one of this list.</exception>
    public async Task<Page<T>> ReadAsync<T>(Call call, Func<string?, int, Task<Page<T>>> read)
    {
        var (cursor, limit) = (call.Get(Cursor), call.Get(Limit));
        if (limit is < 1 or > Page<T>.MostItems)
        {
            throw new CommandException(ExitCode.Usage, $"--limit is from 1 to {Page<T>.MostItems}.");
        }

        try
        {
            return await read(cursor, limit).ConfigureAwait(false);
        }
        catch (OutboxException error) when (cursor is not null)
        {
            // Of lists, nothing else is refused.
            throw new CommandException(ExitCode.Usage, error.Message, error);
        }
    }
}
