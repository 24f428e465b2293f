using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Indexing;

/// What an index was asked to be; `Parse` refuses what this server does not do.
internal sealed record IndexSpec(string Name, BsonDocument KeyPattern)
{
    private static readonly HashSet<string> Ignored = ["v", "ns", "comment"];

    public bool Unique { get; init; }

    public bool Sparse { get; init; }

    public bool Hidden { get; init; }

    /// How it was asked to be built; it is said again when indexes are listed, and means nothing.
    public bool Background { get; init; }

    public BsonDocument? PartialFilter { get; init; }

    public long? ExpireAfterSeconds { get; init; }

    public IReadOnlyList<(string Path, int Direction)> Keys { get; } = [.. KeyPattern.Select(e => (e.Name, Direction(e)))];

    public bool IsId => KeyPattern.ElementCount == 1 && KeyPattern.GetElement(0).Name == "_id";

    public static IReadOnlyList<string> OptionNames { get; } = ["name", "key", "unique", "sparse", "hidden", "background", "partialFilterExpression", "expireAfterSeconds"];

    public static IndexSpec Parse(BsonDocument document, Variables variables)
    {
        if (!document.TryGetValue("key", out var key) || key is not BsonDocument { ElementCount: > 0 } pattern)
        {
            throw new MongoError(67, "CannotCreateIndex", "An index needs a non-empty 'key' document");
        }

        var name = document.TryGetValue("name", out var given) && given.IsString
            ? given.AsString
            : throw new MongoError(9, "FailedToParse", "The 'name' field is a required property of an index specification");
        var spec = new IndexSpec(name, pattern)
        {
            Unique = Flag(document, "unique"),
            Sparse = Flag(document, "sparse"),
            Hidden = Flag(document, "hidden"),
            Background = Flag(document, "background"),
            PartialFilter = document.TryGetValue("partialFilterExpression", out var filter) ? PartialFilters.Check(filter, variables) : null,
            ExpireAfterSeconds = document.TryGetValue("expireAfterSeconds", out var seconds) ? Seconds(seconds) : null,
        };
        spec.Check(document);
        return spec.IsId ? spec with { Name = "_id_" } : spec;
    }

    public static long Seconds(BsonValue value) => value.IsNumeric && value.ToDouble() is >= 0 and <= int.MaxValue
        ? value.ToInt64()
        : throw new MongoError(67, "CannotCreateIndex", "TTL index 'expireAfterSeconds' must be a number from 0 to 2147483647");

    public BsonDocument ToBson()
    {
        var document = new BsonDocument { { "v", 2 }, { "key", KeyPattern }, { "name", Name } };
        Add(document, "unique", Unique && !IsId);
        Add(document, "sparse", Sparse);
        Add(document, "hidden", Hidden);
        Add(document, "background", Background);
        if (PartialFilter is not null)
        {
            document.Add("partialFilterExpression", PartialFilter);
        }

        if (ExpireAfterSeconds is { } seconds)
        {
            document.Add("expireAfterSeconds", Numbers.Integer(BsonType.Int32, seconds));
        }

        return document;
    }

    public bool SameAs(IndexSpec other) => BsonOrder.Instance.Same((this with { Background = false }).ToBson(), (other with { Background = false }).ToBson());

    private void Check(BsonDocument document)
    {
        foreach (var element in document)
        {
            if (!OptionNames.Contains(element.Name) && !Ignored.Contains(element.Name))
            {
                throw new MongoError(197, "InvalidIndexSpecificationOption", $"The field '{element.Name}' is not supported in an index specification");
            }
        }

        if (PartialFilter is not null && Sparse)
        {
            throw new MongoError(67, "CannotCreateIndex", "cannot mix \"partialFilterExpression\" and \"sparse\" options");
        }

        if (Name.Length == 0 || Name.Contains('\0'))
        {
            throw new MongoError(67, "CannotCreateIndex", "index names cannot be empty or contain NUL bytes");
        }

        if (ExpireAfterSeconds is not null && (Keys.Count > 1 || IsId))
        {
            throw new MongoError(67, "CannotCreateIndex", "TTL indexes are single-field indexes, and not on _id");
        }

        if (Keys.Any(k => k.Path.Split('.').Any(part => part.Length == 0 || (part[0] == '$' && !(part is "$id" or "$ref" or "$db" && k.Path != part)))))
        {
            throw new MongoError(67, "CannotCreateIndex", "Index keys cannot be empty, contain an empty field name or start with '$'");
        }
    }

    private static void Add(BsonDocument document, string name, bool value)
    {
        if (value)
        {
            document.Add(name, true);
        }
    }

    private static bool Flag(BsonDocument document, string name) => document.TryGetValue(name, out var value) && value.ToBoolean();

    private static int Direction(BsonElement element) => element.Value switch
    {
        { IsNumeric: true } number when number.ToDouble() != 0 => number.ToDouble() > 0 ? 1 : -1,
        { IsString: true } kind => throw new MongoError(67, "CannotCreateIndex", $"Index type '{kind.AsString}' is not supported by this server"),
        _ => throw new MongoError(67, "CannotCreateIndex", $"Values in the index key pattern must be 1 or -1: {element.Name}"),
    };
}
