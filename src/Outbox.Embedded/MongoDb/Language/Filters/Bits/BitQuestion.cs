using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters.Bits;

internal enum BitQuestion
{
    AllSet,
    AllClear,
    AnySet,
    AnyClear,
}
