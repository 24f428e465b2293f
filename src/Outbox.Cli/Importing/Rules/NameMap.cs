using Outbox.Cli.Answers;
using Outbox.Cli.Importing.Pending;

namespace Outbox.Cli.Importing.Rules;

/// <summary>What an option says of each message type: <c>OrderPlaced=orders</c>, or <c>orders</c> for all others.</summary>
internal sealed class NameMap
{
    private const string Others = "*";

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="CommandException">A name comes twice, or is empty.</exception>
    public static NameMap Of(string option, IEnumerable<string>? said)
    {
        var map = new NameMap();
        foreach (var one in said ?? [])
        {
            var at = one.StartsWith('$') ? -1 : one.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at < 0 ? (Others, one) : (one[..at].Trim(), one[(at + 1)..]);
            if (name.Length == 0 || string.IsNullOrWhiteSpace(value) || !map._values.TryAdd(name, value.Trim()))
            {
                throw new CommandException(ExitCode.Usage, $"{option} '{Plain.Short(one, 80)}' is not type=value or a value for all others, or says of a type twice.");
            }
        }

        return map;
    }

    /// <summary>Sees that every value is one.</summary>
    public NameMap Check(Action<string> check)
    {
        foreach (var value in _values.Values)
        {
            check(value);
        }

        return this;
    }

    /// <summary>What is said of a message.</summary>
    public string? Find(PendingMessage message) => FindAny(message.Aliases.Prepend(message.Source).Append(message.Type));

    /// <summary>What is said of the first of some names that anything is said of, or of all others.</summary>
    public string? FindAny(IEnumerable<string> names)
    {
        foreach (var name in names.Append(Others))
        {
            if (_values.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }
}
