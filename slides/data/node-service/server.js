import compression from "compression"
import express from "express"
import morgan from "morgan"

const app = express()
app.use(morgan("tiny"))
app.use(compression())
app.use(express.static("htdocs"))
app.listen(80)
