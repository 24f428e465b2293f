namespace Outbox.Embedded.MongoDb.Language.Filters.Conditions;

internal enum Comparison
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
