using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Filters.Conditions;

namespace Outbox.Embedded.MongoDb.Language.Filters.Elements;

/// <summary><c>$elemMatch</c> with conditions on the element itself.</summary>
internal sealed class ElementValueTest(ValueTest test) : ValueTest
{
    public override bool TriesElements => false;

    public override bool Matches(BsonValue? value, Match match)
    {
        for (var i = 0; value is BsonArray array && i < array.Count; i++)
        {
            if (test.Matches(array[i], match.Quiet))
            {
                match.Found(i);
                return true;
            }
        }

        return false;
    }
}
