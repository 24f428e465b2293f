using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions.Nodes;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Expressions;

internal static class Logic
{
    public static void AddTo(OperatorTable table)
    {
        table.Binary("$cmp", (x, y) => new BsonInt32(BsonOrder.Instance.Compare(x, y)));
        table.Binary("$eq", (x, y) => (BsonBoolean)(BsonOrder.Instance.Compare(x, y) == 0));
        table.Binary("$ne", (x, y) => (BsonBoolean)(BsonOrder.Instance.Compare(x, y) != 0));
        table.Binary("$gt", (x, y) => (BsonBoolean)(BsonOrder.Instance.Compare(x, y) > 0));
        table.Binary("$gte", (x, y) => (BsonBoolean)(BsonOrder.Instance.Compare(x, y) >= 0));
        table.Binary("$lt", (x, y) => (BsonBoolean)(BsonOrder.Instance.Compare(x, y) < 0));
        table.Binary("$lte", (x, y) => (BsonBoolean)(BsonOrder.Instance.Compare(x, y) <= 0));
        table.Unary("$not", x => (BsonBoolean)!x.IsTrue());
        table.Special("$and", (parser, argument) => And(parser.Operands(argument)));
        table.Special("$or", (parser, argument) => Or(parser.Operands(argument)));
    }

    private static DelegateExpression And(Expression[] operands) =>
        new(scope => (BsonBoolean)Array.TrueForAll(operands, operand => operand.Evaluate(scope).IsTrue()));

    private static DelegateExpression Or(Expression[] operands) =>
        new(scope => (BsonBoolean)Array.Exists(operands, operand => operand.Evaluate(scope).IsTrue()));
}
