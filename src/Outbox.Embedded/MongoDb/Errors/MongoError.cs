using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Errors;

/// <summary>An error as MongoDB reports it: the number and name that drivers decide by, and a text for people.</summary>
internal sealed class MongoError(int code, string codeName, string message, params string[] labels) : Exception(message)
{
    public int Code { get; } = code;

    public string CodeName { get; } = codeName;

    public IReadOnlyList<string> Labels { get; } = labels;

    /// <summary>Further fields of the reply, such as <c>keyPattern</c> and <c>keyValue</c>.</summary>
    public BsonDocument? Details { get; init; }

    public static MongoError BadValue(string message) => new(2, "BadValue", message);

    public static MongoError FailedToParse(string message) => new(9, "FailedToParse", message);

    public static MongoError TypeMismatch(string message) => new(14, "TypeMismatch", message);

    public static MongoError NamespaceNotFound(string message) => new(26, "NamespaceNotFound", message);

    public static MongoError PathNotViable(string message) => new(28, "PathNotViable", message);

    public static MongoError ConflictingUpdate(string message) => new(40, "ConflictingUpdateOperators", message);

    public static MongoError ImmutableField(string message) => new(66, "ImmutableField", message);

    public static MongoError InvalidOptions(string message) => new(72, "InvalidOptions", message);

    public static MongoError ConversionFailure(string message) => new(241, "ConversionFailure", message);

    /// <summary>MongoDB knows it, this server does not: said instead of guessed.</summary>
    public static MongoError NotImplemented(string what) => new(238, "NotImplemented", $"{what} is not supported by the embedded server");

    /// <summary>One of the many errors that have a number but no name.</summary>
    public static MongoError Location(int code, string message) => new(code, $"Location{code}", message);
}
