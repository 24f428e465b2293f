using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Filters.Elements;

/// <summary><c>$elemMatch</c> with a query on embedded documents.</summary>
internal sealed class ElementDocumentTest(FilterNode query) : ValueTest
{
    public override bool TriesElements => false;

    public FilterNode Query { get; } = query;

    public override bool Matches(BsonValue? value, Match match)
    {
        for (var i = 0; value is BsonArray array && i < array.Count; i++)
        {
            var document = array[i] as BsonDocument ?? (array[i] as BsonArray)?.AsIndexed();
            if (document is not null && Query.Matches(document, match.Quiet))
            {
                match.Found(i);
                return true;
            }
        }

        return false;
    }
}
