namespace Outbox.Embedded.MongoDb.Language.Filters.Bits;

internal enum BitQuestion
{
    AllSet,
    AllClear,
    AnySet,
    AnyClear,
}
