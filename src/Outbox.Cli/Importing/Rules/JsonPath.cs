using System.Text.Json;
using Outbox.Cli.Answers;

namespace Outbox.Cli.Importing.Rules;

/// <summary>Finds a value in a message: <c>$.orderId</c>, <c>$.order.id</c>. Names are as in the JSON.</summary>
internal static class JsonPath
{
    public static bool IsOne(string text) => text.StartsWith("$.", StringComparison.Ordinal) && text.Length > 2;

    /// <exception cref="CommandException">It is no path.</exception>
    public static string Check(string text, string option) => IsOne(text) && !text.Contains("..", StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal)
        ? text
        : throw new CommandException(ExitCode.Usage, $"{option} '{Plain.Short(text, 80)}' is no path into a message: $.orderId or $.order.id.");

    /// <returns>The value as text; <see langword="null"/> where there is none, or one that is no text, number or truth value.</returns>
    public static string? Find(string json, string path)
    {
        using var document = JsonDocument.Parse(json);
        var found = document.RootElement;
        foreach (var name in path[2..].Split('.'))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return null;
            }
        }

        return found.ValueKind switch
        {
            JsonValueKind.String => found.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => found.GetRawText(),
            _ => null,
        };
    }
}
