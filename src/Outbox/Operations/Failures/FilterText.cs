namespace Outbox.Operations.Failures;

/// <summary>A filter for a person who reads the log or the audit.</summary>
internal static class FilterText
{
    /// <summary>What is said; <c>all</c>, where nothing is.</summary>
    public static string Of(params ReadOnlySpan<(string Name, object? Value)> conditions)
    {
        var said = new List<string>();
        foreach (var (name, value) in conditions)
        {
            if (value is not null)
            {
                said.Add($"{name} {(value is DateTimeOffset time ? Ages.Exact(time) : $"\"{value.ToString()!.Replace("\"", "\\\"", StringComparison.Ordinal)}\"")}");
            }
        }

        return said.Count == 0 ? "all" : string.Join(", ", said);
    }
}
