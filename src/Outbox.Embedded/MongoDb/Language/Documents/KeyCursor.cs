using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Documents;

/// <summary>How far one path of an index key has come into a document.</summary>
internal sealed record KeyCursor(FieldPath Path, int Part, BsonValue? Value, bool Done = false)
{
    /// <summary>An array that a number names within another one sorts as a whole; an index lists its elements.</summary>
    public bool KeepsNested { get; init; }

    /// <summary>True when the next step is one of an array's elements.</summary>
    public bool AtArray => !Done && Value is BsonArray;

    public string Name => Path.Parts[Math.Min(Part, Path.Parts.Length) - 1];

    /// <summary>The same array by its path: one object may stand in two places of a document.</summary>
    public bool SharesArrayWith(KeyCursor other) =>
        ReferenceEquals(Value, other.Value) && Part == other.Part && Path.Parts.AsSpan(0, Part).SequenceEqual(other.Path.Parts.AsSpan(0, Part));

    public KeyCursor Advanced()
    {
        var (part, value, done) = (Part, Value, Done);
        while (!done && part < Path.Parts.Length && value is not null)
        {
            if (value is BsonArray array)
            {
                if (!NamesElement(array, part))
                {
                    break;
                }

                // A number names one element, which is then indexed by itself.
                var index = Path.Index(part++);
                value = index < array.Count ? array[index] : null;
                done = KeepsNested && part == Path.Parts.Length && value is BsonArray { Count: > 0 };
            }
            else
            {
                value = (value as BsonDocument)?.Find(Path.Parts[part++]);
            }
        }

        return part == Part ? this : this with { Part = part, Value = value, Done = done };
    }

    public KeyCursor Into(BsonValue element) =>
        Part == Path.Parts.Length ? this with { Value = element, Done = true }
        : element is BsonDocument ? this with { Value = element }
        : this with { Value = null, Done = true };

    public KeyCursor IntoEmpty() => this with { Value = Part == Path.Parts.Length ? BsonUndefined.Value : null, Done = true };

    private bool NamesElement(BsonArray array, int part)
    {
        if (Path.Index(part) < 0)
        {
            return false;
        }

        return array.Any(item => item is BsonDocument document && document.Contains(Path.Parts[part]))
            ? throw MongoError.Location(16746, $"Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '{Path.Parts[part]}' for array: {ShellText.Of(array)}")
            : true;
    }
}
