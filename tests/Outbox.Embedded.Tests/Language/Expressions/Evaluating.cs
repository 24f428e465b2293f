using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;

namespace Outbox.Embedded.Tests.Language.Expressions;

internal static class Evaluating
{
    private static readonly BsonDocument Document = Bson.Doc("""
        { _id: 1, a: 5, n: null, s: 'text', d: 2.5, l: { $numberLong: '9' }, arr: [1, 2, 3], docs: [{ x: 1 }, { y: 2 }, { x: 3 }, 4],
          o: { p: { q: 7 } }, t: true, when: { $date: '2024-02-29T12:30:45.678Z' }, id: { $oid: '65e07bf5ffffffffffffffff' } }
        """);

    public static BsonValue? Of(string expression) => Operators.Parser(Bson.Variables).Operand(Bson.Value(expression)).Evaluate(new Scope(Document));

    public static void Check(string expression, string expected) => Bson.Same(expected == "missing" ? null : Bson.Value(expected), Of(expression));

    public static void Refused(string expression, int code, string text) => Assert.Contains(text, Bson.Refused(code, () => Of(expression)).Message);
}
