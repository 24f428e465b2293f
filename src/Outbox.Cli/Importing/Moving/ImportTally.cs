using MongoDB.Bson;
using Outbox.Cli.Importing.Destinations;
using Outbox.Cli.Importing.Pending;

namespace Outbox.Cli.Importing.Moving;

/// <summary>Counts what became of messages: what was imported in all, and what the last look found of the others.</summary>
internal sealed class ImportTally(IImportDestination destination)
{
    private const int MostKinds = 1_000;

    private readonly Dictionary<(ImportFate, string?, string?, string?, string?), ImportRow> _rows = [];

    public IReadOnlyList<ImportRow> Rows => [.. _rows.Values.OrderBy(row => row.Fate).ThenBy(row => row.Source, StringComparer.Ordinal)];

    public long Count(ImportFate fate) => _rows.Values.Where(row => row.Fate == fate).Sum(row => row.Messages);

    /// <summary>A new look at what is left.</summary>
    public void Again()
    {
        foreach (var key in _rows.Keys.Where(key => key.Item1 != ImportFate.Imported).ToList())
        {
            _rows.Remove(key);
        }
    }

    public void Add(ImportFate fate, PendingDocument document, string? reason = null)
    {
        var message = document.Message;
        var (type, topic) = message is null ? (null, null) : (destination.TypeOf(message), destination.PlaceOf(message));
        var key = (fate, message?.Source, type, topic, reason);
        if (_rows.Count >= MostKinds && !_rows.ContainsKey(key))
        {
            // As many kinds are no types any more: a hostile or broken collection shall not fill the memory.
            key = (fate, null, null, null, "and others");
        }

        var row = _rows.GetValueOrDefault(key) ?? new ImportRow(fate, key.Source, key.type, key.topic, 0)
        {
            Reason = key.reason,
            Example = fate == ImportFate.Imported ? null : Text(document.Key),
        };
        _rows[key] = row with { Messages = row.Messages + 1, Oldest = row.Oldest is { } oldest && !(message?.SentAt < oldest) ? oldest : message?.SentAt };
    }

    private static string? Text(BsonValue key) => key.IsBsonNull ? null : key.ToString();
}
